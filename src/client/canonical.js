/** What a batch's hash is taken of: the one form of it, for the log that seals and the client that checks. @module */

/** In this order. Delays are measurements and not part of it; the counts are, by their own hash. */
const FIELDS = /** @type {const} */ ([
  "epoch",
  "seq",
  "inc",
  "time",
  "intervalMs",
  "partial",
  "final",
  "late",
  "missedTicks",
  "lines",
  "words",
  "bytes",
  "distinct",
  "otherWords",
  "dropped",
  "total",
  "sourceGap",
  "countsHash",
  "prev",
]);

/**
 * The fields of a batch that its hash covers, as JSON without spaces. `time` is ISO 8601.
 * @param {import("./canonical.d.ts").Hashed} batch
 * @returns {string}
 */
export function canonical(batch) {
  return JSON.stringify(Object.fromEntries(FIELDS.map((name) => [name, batch[name]])));
}
