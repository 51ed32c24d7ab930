/** How often a measure had which size: bars that lie at the side of its time line, on the same scale. @module */

import { clear, colour } from "./canvas.js";

const BINS = 16;

/**
 * Draws a histogram.
 * @param {HTMLCanvasElement} canvas
 * @param {{ values: readonly number[], place: (value: number) => number }} data `place` is where on the height a value
 * is, from 0 at the bottom to 1
 */
export function drawHistogram(canvas, { values, place }) {
  const surface = clear(canvas);
  if (surface === null) return;
  const { context, width, height } = surface;
  const bins = /** @type {number[]} */ (Array(BINS).fill(0));
  for (const value of values) {
    const bin = Math.min(BINS - 1, Math.max(0, Math.floor(place(value) * BINS)));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  const most = Math.max(1, ...bins);
  context.fillStyle = colour("bar");
  for (const [bin, count] of bins.entries())
    context.fillRect(0, height - ((bin + 1) * height) / BINS, (width * count) / most, height / BINS - 1);
}
