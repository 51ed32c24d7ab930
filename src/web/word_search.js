/** A worker: reads all words of a batch and looks among them, where a hundred thousand of them hold up nobody. @module */

import { firstWords } from "./first_words.js";

/** @typedef {{ path: string, headers: Record<string, string> }} Read */
/** @typedef {{ sums: ReadonlyMap<string, number>, query: import("./first_words.js").Query }} Find */

/** @type {[string, number][]} */
let counts = [];

addEventListener("message", (/** @type {MessageEvent<Read | Find>} */ { data }) => {
  if ("path" in data) void read(data);
  else postMessage({ found: firstWords(counts, data.sums, data.query) });
});

/** @param {Read} what */
async function read({ path, headers }) {
  try {
    const response = await fetch(path, { headers });
    const answer = await response.json();
    counts = response.ok ? answer.counts : [];
    postMessage(response.ok ? { read: true } : { problem: String(answer.detail) });
  } catch (failure) {
    postMessage({ problem: `Cannot read the words: ${failure instanceof Error ? failure.message : String(failure)}` });
  }
}
