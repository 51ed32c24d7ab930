/** The first words in the order that is wanted, of those that are looked for. @module */

import { Best } from "./best.js";

/** @typedef {"word" | "batch" | "running"} Column */
/** @typedef {{ word: string, batch: number, running: number | undefined }} Entry `running` is not known of every word */
/** @typedef {{ by: Column, descending: boolean, wanted: string }} Query `wanted` is part of the word, "" for all */

/** Words that are given; the others are found by looking for them. */
export const MAX_WORDS = 50;

/**
 * Words of a batch and of the sums so far.
 * @param {readonly (readonly [string, number])[]} counts
 * @param {ReadonlyMap<string, number>} sums
 * @param {Query} query
 * @returns {{ entries: Entry[], found: number }}
 */
export function firstWords(counts, sums, query) {
  const wanted = query.wanted.trim().toLowerCase();
  const isWanted = (/** @type {string} */ word) => wanted === "" || word.toLowerCase().includes(wanted);
  const first = new Best(MAX_WORDS, (/** @type {Entry} */ a, /** @type {Entry} */ b) => compare(a, b, query));
  const seen = new Set();
  for (const [word, batch] of counts) {
    const running = sums.get(word);
    if (running !== undefined) seen.add(word);
    if (isWanted(word)) first.add({ word, batch, running });
  }
  for (const [word, running] of sums) if (!seen.has(word) && isWanted(word)) first.add({ word, batch: 0, running });
  return { entries: first.items, found: first.given };
}

/** @param {Entry} a @param {Entry} b @param {Query} query */
function compare(a, b, { by, descending }) {
  const [first, second] = descending ? [b, a] : [a, b];
  if (by === "word") return first.word < second.word ? -1 : 1;
  const byColumn = valueOf(first, by) - valueOf(second, by);
  return byColumn || valueOf(b, "running") - valueOf(a, "running") || (a.word < b.word ? -1 : 1);
}

/** @param {Entry} entry @param {"batch" | "running"} by */
function valueOf(entry, by) {
  return entry[by] ?? 0;
}
