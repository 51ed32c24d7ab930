/** What a batch is: its number, its time, its marks, its totals beside those so far. @module */

import { amount, clockTime, duration, number } from "./amounts.js";
import { make, part, setText, showText } from "./elements.js";

/** @typedef {import("./wire.js").Batch} Batch */

const title = part("batch-title", HTMLElement);
const marks = part("batch-marks", HTMLElement);
const when = part("batch-when", HTMLElement);
const totals = part("totals", HTMLTableSectionElement);
const more = part("words-more", HTMLElement);
/** @type {[name: string, now: (batch: Batch) => number, soFar: (batch: Batch) => number][]} */
const FACTS = [
  ["Batches", () => 1, ({ total }) => total.batches],
  ["Lines", ({ lines }) => lines, ({ total }) => total.lines],
  ["Words", ({ words }) => words, ({ total }) => total.words],
  ["Bytes", ({ bytes }) => bytes, ({ total }) => total.bytes],
  ["Source lost", ({ sourceGap }) => sourceGap?.count ?? 0, ({ total }) => total.sourceGaps],
];
/** @type {Batch | null | undefined} */
let shown;

/**
 * Shows a batch; the same one is not drawn again.
 * @param {Batch | null} next
 */
export function showBatch(next) {
  if (next === shown) return;
  shown = next;
  setText(title, next === null ? "No batch yet" : `Batch ${number(next.seq)}`);
  marks.replaceChildren(...(next === null ? [] : marksOf(next)));
  showTotals(next);
  if (next === null) {
    setText(when, "The first one comes at the end of the interval.");
    setText(more, "");
    return;
  }
  const what = `${amount(next.lines, "line")}, ${amount(next.words, "word")}, ${number(next.distinct)} different`;
  setText(when, `Ended at ${clockTime(Date.parse(next.time))}, covers ${duration(next.intervalMs)}: ${what}`);
  showMore(next);
}

/** @param {Batch} batch */
function marksOf({ late, partial, final, sourceGap, dropped }) {
  const names = [];
  if (late) names.push("late");
  if (partial) names.push("partial");
  if (final) names.push("final");
  if (sourceGap !== null) names.push("source lost");
  if (dropped.bytes > 0) names.push("lines cut");
  return names.map((text) => make("span", { text, className: "badge mark" }));
}

/** @param {Batch | null} batch */
function showTotals(batch) {
  for (const [place, [name, now, so]] of FACTS.entries()) {
    const row = totals.rows[place] ?? newRow();
    const texts = [name, ...[now, so].map((of) => (batch === null ? "–" : number(of(batch))))];
    for (const [column, text] of texts.entries()) setText(/** @type {HTMLElement} */ (row.cells[column]), text);
  }
}

function newRow() {
  const row = totals.insertRow();
  const head = make("th");
  head.scope = "row";
  row.append(head, make("td"), make("td"));
  return row;
}

/** @param {Batch} batch */
function showMore({ distinct, counts, more: left, otherWords }) {
  const texts = [];
  if (distinct === 0) texts.push("No words in this batch.");
  if (left > 0)
    texts.push(`The ${number(counts.length)} most frequent came to this page; ${number(left)} more did not.`);
  if (otherWords > 0) texts.push(`${number(otherWords)} counted in the total only: too many different words.`);
  showText(more, texts.join(" "));
}
