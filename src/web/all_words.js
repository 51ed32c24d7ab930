/** All the words of a batch that has more than came to this page: read when somebody wants to look among them. @module */

import { Problem, readBatch } from "./api.js";
import { number } from "./amounts.js";
import { part, setText } from "./elements.js";

/** @typedef {import("./wire.js").Batch} Batch */

const button = part("all-words", HTMLButtonElement);
/** @type {Batch | null} */
let whole = null;
/** @type {Batch | null} */
let offered = null;

/**
 * Lets all words of a batch be read; the batch is shown then, and stands still.
 * @param {{ followed: () => string | null, choose: (seq: number) => void, changed: () => void }} options
 */
export function offerAllWords({ followed, choose, changed }) {
  button.addEventListener("click", async () => {
    const [id, batch] = [followed(), offered];
    if (id === null || batch === null) return;
    choose(batch.seq);
    button.disabled = true;
    try {
      whole = await readBatch(id, batch.cursor);
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      setText(button, failure.message);
    } finally {
      button.disabled = false;
      changed();
    }
  });
}

/**
 * The counts to look among: all of the batch where they were read, else those that came.
 * @param {Batch} batch
 */
export function countsOf(batch) {
  return whole?.cursor === batch.cursor ? whole.counts : batch.counts;
}

/**
 * Offers to read the rest of a batch, if there is one.
 * @param {Batch | null} batch
 */
export function showAllWords(batch) {
  offered = batch !== null && batch.more > 0 && whole?.cursor !== batch.cursor ? batch : null;
  button.hidden = offered === null;
  if (offered !== null) setText(button, `Read all ${number(offered.distinct)} words of batch ${number(offered.seq)}`);
}
