/** Which words came when: a row is a word, a column a batch, a darker field a larger count. @module */

import { amount, clockTime, number } from "./amounts.js";
import { clear, colour, onColours, onWidth } from "./canvas.js";
import { make, part, setText } from "./elements.js";
import { showWord, wordText } from "./words.js";

/** @typedef {import("./wire.js").Batch} Batch */

const MAX_WORDS = 10;
const MAX_BATCHES = 60;
/** A field is no narrower than this. */
const LEAST_WIDTH = 8;
const GAP = 1;
const canvas = part("heat", HTMLCanvasElement);
const list = part("heat-words", HTMLOListElement);
const text = part("heat-text", HTMLElement);
const LEGEND = text.textContent;
/** @type {readonly Batch[] | undefined} */
let shown;
/** @type {{ words: readonly string[], batches: readonly Batch[] }} */
let drawn = { words: [], batches: [] };

/**
 * Lets fields be pointed at, and batches be chosen.
 * @param {{ changed: () => void, choose: (seq: number) => void }} options
 */
export function offerHeat({ changed, choose }) {
  const again = () => {
    shown = undefined;
    changed();
  };
  onColours(again);
  onWidth(canvas, again);
  canvas.addEventListener("pointermove", (event) => setText(text, fieldText(event)));
  canvas.addEventListener("pointerleave", () => setText(text, LEGEND));
  canvas.addEventListener("click", (event) => {
    const batch = batchAt(event);
    if (batch !== undefined) choose(batch.seq);
  });
}

/** @param {readonly Batch[]} recent oldest first */
export function showHeat(recent) {
  if (recent === shown) return;
  shown = recent;
  const batches = recent.slice(-columns());
  const counts = batches.map((batch) => new Map(batch.counts));
  const words = frequent(counts);
  drawn = { words, batches };
  for (const [place, word] of words.entries()) showWord(itemAt(place), word);
  while (list.children.length > words.length) list.lastElementChild?.remove();
  canvas.setAttribute("aria-label", labelOf(words, counts));
  paint(words, counts);
}

function columns() {
  return Math.min(MAX_BATCHES, Math.max(10, Math.floor(canvas.clientWidth / LEAST_WIDTH)));
}

/** @param {readonly ReadonlyMap<string, number>[]} counts */
function frequent(counts) {
  /** @type {Map<string, number>} */
  const sums = new Map();
  for (const each of counts) for (const [word, count] of each) sums.set(word, (sums.get(word) ?? 0) + count);
  return [...sums]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, MAX_WORDS)
    .map(([word]) => word);
}

/** @param {readonly string[]} words @param {readonly ReadonlyMap<string, number>[]} counts */
function labelOf(words, counts) {
  if (words.length === 0) return "No words yet";
  const sum = (/** @type {string} */ word) => counts.reduce((total, each) => total + (each.get(word) ?? 0), 0);
  const texts = words.slice(0, 5).map((word) => `${wordText(word)} ${number(sum(word))}`);
  return `Words of the last ${amount(counts.length, "batch", "batches")}: ${texts.join(", ")}`;
}

/** @param {readonly string[]} words @param {readonly ReadonlyMap<string, number>[]} counts */
function paint(words, counts) {
  const surface = clear(canvas);
  if (surface === null) return;
  const { context, width, height } = surface;
  const [across, down] = [width / columns(), height / MAX_WORDS];
  const most = Math.max(1, ...counts.flatMap((each) => words.map((word) => each.get(word) ?? 0)));
  const [full, none] = [colour("accent"), colour("line")];
  const first = columns() - counts.length;
  for (const [column, each] of counts.entries()) {
    for (const [row, word] of words.entries()) {
      const count = each.get(word) ?? 0;
      context.fillStyle = count === 0 ? none : full;
      context.globalAlpha = count === 0 ? 0.35 : 0.25 + (0.75 * count) / most;
      context.fillRect((first + column) * across, row * down, across - GAP, down - GAP);
    }
  }
  context.globalAlpha = 1;
}

/** @param {number} place */
function itemAt(place) {
  const found = list.children[place]?.firstElementChild;
  if (found instanceof HTMLElement) return found;
  const item = make("li");
  const word = make("bdi");
  item.append(word);
  list.append(item);
  return word;
}

/** @param {MouseEvent} event */
function batchAt({ offsetX }) {
  const column = Math.floor((offsetX / canvas.clientWidth) * columns());
  return drawn.batches[column - columns() + drawn.batches.length];
}

/** @param {MouseEvent} event */
function fieldText(event) {
  const batch = batchAt(event);
  const word = drawn.words[Math.floor((event.offsetY / canvas.clientHeight) * MAX_WORDS)];
  if (batch === undefined || word === undefined) return LEGEND;
  const count = new Map(batch.counts).get(word) ?? 0;
  return `${wordText(word)}: ${number(count)} in batch ${number(batch.seq)}, ${clockTime(Date.parse(batch.time))}`;
}
