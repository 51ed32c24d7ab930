/** What time it is at the server, whose clock may not be ours, and may be right where ours is wrong. @module */

/** The server's time when ours was the page's beginning. */
let zero = performance.timeOrigin;

/**
 * Learns what time it is there now.
 * @param {number} time in ms since the Unix epoch
 */
export function hearTime(time) {
  // Not by the wall clock, which may be set anew.
  if (!Number.isNaN(time)) zero = time - performance.now();
}

/**
 * The server's time in ms since the Unix epoch.
 * @returns {number}
 */
export function serverNow() {
  return zero + performance.now();
}
