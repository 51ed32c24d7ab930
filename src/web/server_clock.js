/** What time it is at the server, whose clock may not be ours. @module */

let ahead = 0;

/**
 * Learns what time it is there now: from `hello`, and from a batch that came the moment it was cut.
 * @param {number} time in ms since the Unix epoch
 */
export function hearTime(time) {
  if (!Number.isNaN(time)) ahead = time - Date.now();
}

/**
 * The server's time in ms since the Unix epoch.
 * @returns {number}
 */
export function serverNow() {
  return Date.now() + ahead;
}
