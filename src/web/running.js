/** How often each word came since this page began to look: what a batch's counts are not. @module */

/** @typedef {import("./wire.js").Batch} Batch */

/** Different words that are summed up; later ones are not. */
const MAX_WORDS = 2000;

/** Sums over the batches it is given, in their order. */
export class Running {
  /** @type {Map<string, number>} */
  words = new Map();
  /** Number of the first batch in the sums, 0 when there is none. */
  from = 0;
  /** Every word of every batch since the session's first is in the sums. */
  complete = true;

  /** @param {Batch} batch */
  add({ seq, counts, more, otherWords }) {
    if (this.from === 0) {
      this.from = seq;
      this.complete = seq === 1;
    }
    if (more > 0 || otherWords > 0) this.complete = false;
    for (const [word, count] of counts) {
      const before = this.words.get(word);
      if (before !== undefined || this.words.size < MAX_WORDS) this.words.set(word, (before ?? 0) + count);
      else this.complete = false;
    }
  }
}
