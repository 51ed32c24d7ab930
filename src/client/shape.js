/** Whether an event is what its type says: what comes over a network is not taken for granted. @module */

import { readCursor } from "./cursor.js";

/** @typedef {Record<string, unknown>} Said */

const TOTALS = ["batches", "lines", "words", "bytes", "sourceGaps"];
const NUMBERS = ["seq", "inc", "lines", "words", "bytes", "distinct", "otherWords", "more"];
const TEXTS = ["epoch", "time", "hash", "countsHash"];

/** @type {Record<string, (said: Said) => boolean>} */
const SHAPES = {
  hello: ({ from, epoch, status }) => isText(epoch) && readCursor(from)?.epoch === epoch && isText(status),
  batch: isBatch,
  gap: ({ from, to, batches }) => isCursor(from) && isCursor(to) && isWhole(batches),
  reset: ({ from }) => isCursor(from),
  state: ({ state }) => isText(state),
  head: ({ head, total }) => (head === null || isCursor(head)) && isTotals(total),
  end: ({ head, total }) => (head === null || isCursor(head)) && isTotals(total),
  problem: ({ problem }) => isText(Object(problem).detail),
};

/**
 * Whether it has what its type needs; of types that are not known here nothing is.
 * @param {Said} said
 */
export function isWellFormed(said) {
  const { type } = said;
  if (!isText(type)) return false;
  return !Object.hasOwn(SHAPES, type) || SHAPES[type]?.(said) === true;
}

/** @param {Said} batch */
function isBatch(batch) {
  const { cursor, epoch, seq, counts, total, sourceGap, skipped = 0 } = batch;
  return (
    NUMBERS.every((name) => isWhole(batch[name])) &&
    TEXTS.every((name) => isText(batch[name])) &&
    cursor === [epoch, seq].join(":") &&
    isWhole(skipped) &&
    isTotals(total) &&
    (sourceGap === null || isWhole(Object(sourceGap).count)) &&
    Array.isArray(counts) &&
    counts.every(isCount)
  );
}

/** @param {unknown} pair */
function isCount(pair) {
  return Array.isArray(pair) && pair.length === 2 && isText(pair[0]) && isWhole(pair[1]);
}

/** @param {unknown} total */
function isTotals(total) {
  return TOTALS.every((name) => isWhole(Object(total)[name]));
}

/** @param {unknown} value */
function isWhole(value) {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/**
 * @param {unknown} value
 * @returns {value is string}
 */
function isText(value) {
  return typeof value === "string";
}

/** @param {unknown} value */
function isCursor(value) {
  return readCursor(value)?.epoch != null;
}
