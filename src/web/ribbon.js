/** The history as a ribbon: a tick a batch, and what is missing in another colour. @module */

import { amount, number } from "./amounts.js";
import { clear, colour, onColours, onWidth } from "./canvas.js";
import { part, setText } from "./elements.js";

/** @typedef {import("./told.js").Told} Told */

const canvas = part("ribbon", HTMLCanvasElement);
const text = part("gaps", HTMLElement);
/** @type {Told | undefined} */
let shown;

/** @param {() => void} changed called when it must be drawn again */
export function offerRibbon(changed) {
  const again = () => {
    shown = undefined;
    changed();
  };
  onColours(again);
  onWidth(canvas, again);
}

/**
 * @param {Told} told
 * @param {{ first: number, last: number, at: number }} range numbers of batches: of the ribbon's ends, and the one shown
 */
export function showRibbon(told, { first, last, at }) {
  if (told === shown) return;
  shown = told;
  setText(text, missingText(told.missing));
  canvas.setAttribute("aria-label", `Batches ${number(first)} to ${number(last)}`);
  const surface = clear(canvas);
  if (surface === null || last === 0) return;
  const { context, width, height } = surface;
  const step = width / (last - first + 1);
  const fill = (/** @type {number} */ from, /** @type {number} */ to, /** @type {string} */ style) => {
    context.fillStyle = style;
    context.fillRect((from - first) * step, 0, Math.max(2, (to - from + 1) * step - (step > 3 ? 1 : 0)), height);
  };
  fill(first, last, colour("line"));
  for (const batch of told.recent) if (batch.seq >= first) fill(batch.seq, batch.seq, colour(tickOf(batch)));
  for (const { from, to } of told.missing) if (to >= first) fill(Math.max(first, from), to, colour("bad"));
  context.fillStyle = colour("ink");
  context.fillRect((at - first + 1) * step - Math.min(step, 4), 0, Math.min(step, 4), height);
}

/** @param {import("./wire.js").Batch} batch @returns {import("./canvas.js").Colour} */
function tickOf({ late, sourceGap, dropped, partial }) {
  return late || sourceGap !== null || dropped.bytes > 0 || partial ? "warn" : "bar";
}

/** @param {Told["missing"]} missing */
function missingText(missing) {
  if (missing.length === 0) return "No batch is missing.";
  const all = missing.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  const ranges = missing
    .slice(-3)
    .map(({ from, to }) => (from === to ? number(from) : `${number(from)}–${number(to)}`));
  return `Missing: ${amount(all, "batch", "batches")} (${missing.length > 3 ? "…, " : ""}${ranges.join(", ")}).`;
}
