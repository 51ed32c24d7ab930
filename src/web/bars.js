/** The most frequent words of a batch as bars that move to their places. @module */

import { number } from "./amounts.js";
import { make, part, setText } from "./elements.js";
import { showWord, wordText } from "./words.js";

/** @typedef {import("./wire.js").Batch} Batch */
/** @typedef {{ row: HTMLElement, word: HTMLElement, count: HTMLElement, bar: HTMLElement }} Bar */

const MAX_BARS = 12;
const box = part("bars", HTMLElement);
/** @type {Map<string, Bar>} */
const bars = new Map();
/** @type {Bar[]} */
const spare = [];
/** @type {Batch | null | undefined} */
let shown;

/** @param {Batch | null} batch */
export function showBars(batch) {
  if (batch === shown) return;
  shown = batch;
  const pairs = batch?.counts.slice(0, MAX_BARS) ?? [];
  const most = pairs[0]?.[1] ?? 1;
  dropOthers(new Set(pairs.map(([word]) => word)));
  for (const [place, [word, count]] of pairs.entries()) {
    const bar = bars.get(word) ?? barFor(word);
    setText(bar.count, number(count));
    // The share as a scale: nothing is laid out again.
    bar.bar.style.transform = `scaleX(${count / most})`;
    bar.row.style.transform = `translateY(${100 * place}%)`;
  }
  box.setAttribute("aria-label", labelOf(pairs));
}

/** @param {Batch["counts"]} pairs */
function labelOf(pairs) {
  const list = pairs.map(([word, count]) => `${wordText(word)} ${number(count)}`).join(", ");
  return list === "" ? "No words in this batch" : `Most frequent words: ${list}`;
}

/** @param {ReadonlySet<string>} words */
function dropOthers(words) {
  for (const [word, bar] of bars) {
    if (words.has(word)) continue;
    bar.row.classList.add("gone");
    bars.delete(word);
    spare.push(bar);
  }
}

/** @param {string} word */
function barFor(word) {
  const bar = spare.pop() ?? newBar();
  bar.row.classList.remove("gone");
  showWord(bar.word, word);
  bars.set(word, bar);
  return bar;
}

/** @returns {Bar} */
function newBar() {
  const row = make("div", { className: "bar-row gone" });
  const word = make("bdi");
  const space = make("span", { className: "bar-space" });
  const bar = make("span", { className: "bar" });
  const count = make("span", { className: "bar-count" });
  space.append(bar);
  row.append(word, space, count);
  box.append(row);
  return { row, word, count, bar };
}
