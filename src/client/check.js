/** The promises of the service, as far as batches can tell: I2, I3, I4 and I6. @module */

import { canonical } from "./canonical.js";

/** @typedef {import("./events.ts").BatchEvent} Batch */
/** @typedef {import("./events.ts").Totals} Totals */
/** @typedef {import("./events.ts").Violation} Violation */
/** @typedef {(text: string) => Promise<string | undefined>} Digest SHA-256 as hexadecimal digits; undefined where it cannot be had. */

const TOTALS = /** @type {const} */ (["batches", "lines", "words", "bytes", "sourceGaps"]);

/**
 * What holds of a batch by itself: its hash, its number of words, its counts as far as they were sent (I3, I4).
 * @param {Batch} batch
 * @param {Digest} digest
 * @returns {Promise<Violation[]>}
 */
export async function checkBatch(batch, digest) {
  const { counts, more, hash, countsHash, cursor } = batch;
  /** @type {Violation[]} */
  const found = checkCounts(batch);
  const isHash = await digest(canonical(batch));
  if (isHash !== undefined && isHash !== hash) {
    found.push(violation("I3", `the hash of ${cursor} is ${hash}, and that of its content is ${isHash}`, [batch]));
  }
  const isCountsHash = more === 0 ? await digest(JSON.stringify(counts)) : undefined;
  if (isCountsHash !== undefined && isCountsHash !== countsHash) {
    const message = `the countsHash of ${cursor} is ${countsHash}, and that of its counts is ${isCountsHash}`;
    found.push(violation("I3", message, [batch]));
  }
  return found;
}

/**
 * @param {Batch} batch
 * @returns {Violation[]}
 */
function checkCounts(batch) {
  const { counts, more, words, distinct, otherWords, cursor } = batch;
  const counted = counts.reduce((sum, [, count]) => sum + count, 0);
  /** @type {string[]} */
  const wrong = [];
  // Each of the words left out came once at the least.
  const least = counted + otherWords + more;
  if (more === 0 ? least !== words : least > words) {
    wrong.push(`the counts of ${cursor} and its otherWords come to ${counted + otherWords} words, and it has ${words}`);
  }
  if (counts.length + more !== distinct) {
    wrong.push(`${cursor} has ${distinct} distinct words, and its counts are of ${counts.length + more}`);
  }
  if (counts.some(([, count], at) => !(count >= 1 && count <= (counts[at - 1]?.[1] ?? Infinity)))) {
    wrong.push(`the counts of ${cursor} do not descend`);
  }
  return wrong.map((message) => violation("I4", message, [batch]));
}

/**
 * What holds of a batch and the one before it (I2, I3, I6). With a gap between them totals and incarnation have only not fallen.
 * @param {Batch | null} before null where none is known
 * @param {Batch} batch
 * @param {boolean} afterGap
 * @returns {Violation[]}
 */
export function checkPair(before, batch, afterGap) {
  const found = checkNumbered(batch);
  if (before === null) return found;
  const pair = [before, batch];
  found.push(...checkTotals(before, batch, afterGap));
  if (batch.inc < before.inc) {
    const message = `inc falls from ${before.inc} of ${before.cursor} to ${batch.inc} of ${batch.cursor}`;
    found.push(violation("I6", message, pair));
  }
  if (afterGap) return found;
  if (batch.prev !== before.hash) {
    const message = `the prev of ${batch.cursor} is ${batch.prev}, and the hash of ${before.cursor} is ${before.hash}`;
    found.push(violation("I3", message, pair));
  }
  if (batch.inc > before.inc && batch.sourceGap === null) {
    const message = `inc rises from ${before.inc} of ${before.cursor} to ${batch.inc} of ${batch.cursor}, which has no sourceGap`;
    found.push(violation("I6", message, pair));
  }
  return found;
}

/**
 * What a batch adds to each total.
 * @param {Batch} batch
 * @returns {Totals}
 */
function addedBy({ lines, words, bytes, sourceGap }) {
  return { batches: 1, lines, words, bytes, sourceGaps: sourceGap?.count ?? 0 };
}

/**
 * @param {Batch} before
 * @param {Batch} batch
 * @param {boolean} afterGap
 * @returns {Violation[]}
 */
function checkTotals(before, batch, afterGap) {
  const added = addedBy(batch);
  return TOTALS.flatMap((name) => {
    const is = batch.total[name];
    const wanted = before.total[name] + added[name];
    if (afterGap ? is >= wanted : is === wanted) return [];
    const least = afterGap ? "at the least " : "";
    const message = `the total of ${batch.cursor} is ${is} ${name}, and with that of ${before.cursor} it would be ${least}${wanted}`;
    return [violation("I2", message, [before, batch])];
  });
}

/**
 * What a batch's number says of it: how many there are, and that the first has nothing before it.
 * @param {Batch} batch
 * @returns {Violation[]}
 */
function checkNumbered(batch) {
  const { cursor, seq, prev, total } = batch;
  const added = addedBy(batch);
  const wanted = seq === 1 ? added : { ...total, batches: seq };
  const found = TOTALS.filter((name) => total[name] !== wanted[name]).map((name) =>
    violation(
      "I2",
      `the total of ${cursor} is ${total[name]} ${name}, and as number ${seq} it would be ${wanted[name]}`,
      [batch],
    ),
  );
  if (seq === 1 && prev !== null) found.push(violation("I3", `the prev of ${cursor}, the first, is ${prev}`, [batch]));
  return found;
}

/**
 * @param {Violation["invariant"]} invariant
 * @param {string} message
 * @param {readonly (Batch | null | undefined)[]} batches
 * @returns {Violation}
 */
export function violation(invariant, message, batches) {
  return { invariant, message, batches: batches.filter((batch) => batch !== null && batch !== undefined) };
}
