/** What time it is at the server, whose clock may not be ours. @module */

/** The `Date` header counts in seconds: a smaller difference cannot be told from none. */
const COARSE_MS = 1500;
let ahead = 0;
let heardBatch = false;

/**
 * Learns from the `Date` header of an answer, until a batch has told better.
 * @param {string | null} date
 */
export function hearDate(date) {
  const difference = Date.parse(date ?? "") + 500 - Date.now();
  if (heardBatch || Number.isNaN(difference)) return;
  ahead = Math.abs(difference) <= COARSE_MS ? 0 : difference;
}

/**
 * Learns from a batch that came the moment it was cut.
 * @param {number} time
 */
export function hearLiveBatch(time) {
  heardBatch = true;
  ahead = time - Date.now();
}

/**
 * The server's time in ms since the Unix epoch.
 * @returns {number}
 */
export function serverNow() {
  return Date.now() + ahead;
}
