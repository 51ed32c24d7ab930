/** All the words of a batch that has more than came to this page: read when somebody wants to look among them. @module */

import { pathOf } from "./api.js";
import { number } from "./amounts.js";
import { part, setText } from "./elements.js";
import { token } from "./token.js";

/** @typedef {import("./wire.js").Batch} Batch */
/** @typedef {ReturnType<typeof import("./first_words.js").firstWords>} Found */

const button = part("all-words", HTMLButtonElement);
/** @type {Worker | null} */
let worker = null;
/** The batch whose words the worker has, or is reading. @type {string | null} */
let reading = null;
let hasRead = false;
/** @type {Batch | null} */
let offered = null;
let answer = (/** @type {Found} */ _found) => {};

/**
 * Lets all words of a batch be read; the batch is shown then, and stands still.
 * @param {{ followed: () => string | null, choose: (seq: number) => void, changed: () => void }} options
 */
export function offerAllWords({ followed, choose, changed }) {
  button.addEventListener("click", () => {
    const [id, batch] = [followed(), offered];
    if (id === null || batch === null) return;
    choose(batch.seq);
    button.disabled = true;
    reading = batch.cursor;
    hasRead = false;
    worker ??= openWorker(changed);
    const secret = token();
    const headers = secret === null ? {} : { authorization: `Bearer ${secret}` };
    worker.postMessage({ path: `${pathOf(id)}/batches/${batch.cursor}`, headers });
  });
}

/**
 * Offers to read the rest of a batch, if there is one.
 * @param {Batch | null} batch
 */
export function showAllWords(batch) {
  const isRead = hasRead && batch?.cursor === reading;
  offered = batch !== null && batch.more > 0 && !isRead ? batch : null;
  button.hidden = offered === null;
  if (offered !== null) setText(button, `Read all ${number(offered.distinct)} words of batch ${number(offered.seq)}`);
}

/**
 * Looks among all words of a batch, if they were read; `tell` is called later then.
 * @param {Batch} batch
 * @param {import("./word_search.js").Find} what
 * @param {(found: Found) => void} tell
 * @returns {boolean}
 */
export function findInAll(batch, what, tell) {
  if (!hasRead || batch.cursor !== reading) return false;
  answer = tell;
  worker?.postMessage(what);
  return true;
}

/** @param {() => void} changed */
function openWorker(changed) {
  const opened = new Worker("/web/word_search.js", { type: "module" });
  opened.addEventListener("message", ({ data }) => {
    if (data.found !== undefined) {
      answer(data.found);
      return;
    }
    button.disabled = false;
    hasRead = data.read === true;
    if (data.problem !== undefined) setText(button, data.problem);
    changed();
  });
  return opened;
}
