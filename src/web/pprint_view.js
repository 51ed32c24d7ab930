/** The newest batches as Spark prints them: the service's own text. @module */

import { Problem, readText } from "./api.js";
import { part, setText } from "./elements.js";

/** @typedef {import("./scene.js").Scene} Scene */

const BATCHES = 5;
/** Records that `pprint` prints. */
const TOP = 10;
const box = part("pprint", HTMLPreElement);
/** @type {Scene["told"]["batch"] | undefined} */
let shown;
let reading = false;

/**
 * Shows the batch that is shown, and those before it; one reading at a time.
 * @param {string} id
 * @param {Scene} scene
 * @param {() => void} changed
 */
export function showPprint(id, { told: { batch } }, changed) {
  if (batch === shown || reading) return;
  shown = batch;
  if (batch === null) setText(box, "");
  else void read(id, batch).then(changed);
}

/** @param {string} id @param {import("./wire.js").Batch} batch */
async function read(id, { epoch, seq }) {
  reading = true;
  try {
    const text = await readText(id, { epoch, from: Math.max(1, seq - BATCHES + 1), to: seq, top: TOP });
    // Who has scrolled away wants to read.
    const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 8;
    setText(box, text);
    if (atEnd) box.scrollTop = box.scrollHeight;
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure;
    setText(box, failure.message);
  } finally {
    reading = false;
  }
}
