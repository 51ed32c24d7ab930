/** How a batch looks: its marks, its totals, its words. @module */

import { amount, duration, number } from "./amounts.js";
import { make, part, setText, showText } from "./elements.js";
import { TOP } from "./live.js";

/** @typedef {import("./wire.js").Batch} Batch */
/** @typedef {{ row: HTMLTableRowElement, word: HTMLElement, count: HTMLElement, bar: HTMLElement }} Row */

/** Letters of a word that reach the page; the style cuts what does not fit. */
const MAX_LETTERS = 200;
const batch = part("batch", HTMLElement);
const title = part("batch-title", HTMLElement);
const marks = part("batch-marks", HTMLElement);
const when = part("batch-when", HTMLElement);
const totals = part("totals", HTMLTableSectionElement);
const none = part("words-none", HTMLElement);
const table = part("words-table", HTMLTableElement);
const words = part("words", HTMLTableSectionElement);
const more = part("words-more", HTMLElement);
/** @type {Row[]} */
const rows = [];
const time = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
/** @type {Batch | null | undefined} */
let shown;

/**
 * Shows a batch; the same one is not drawn again.
 * @param {Batch | null} next
 */
export function showBatch(next) {
  if (next === shown) return;
  shown = next;
  batch.hidden = next === null;
  setText(title, next === null ? "No batch yet" : `Batch ${number(next.seq)}`);
  marks.replaceChildren(...(next === null ? [] : marksOf(next)));
  if (next === null) return;
  setText(when, `Ended at ${time.format(Date.parse(next.time))}, covers ${duration(next.intervalMs)}`);
  showTotals(next);
  showWords(next);
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

/** @param {Batch} batch */
function showTotals({ lines, words: counted, bytes, distinct, total, sourceGap }) {
  /** @type {[string, string, string][]} */
  const facts = [
    ["Batches", "1", number(total.batches)],
    ["Lines", number(lines), number(total.lines)],
    ["Words", number(counted), number(total.words)],
    ["Distinct words", number(distinct), "–"],
    ["Bytes", number(bytes), number(total.bytes)],
    ["Source lost", number(sourceGap?.count ?? 0), number(total.sourceGaps)],
  ];
  for (const [place, [name, ...values]] of facts.entries()) {
    const row = totals.rows[place] ?? totals.insertRow();
    if (row.cells.length === 0) row.append(heading(), make("td"), make("td"));
    for (const [column, text] of [name, ...values].entries())
      setText(/** @type {HTMLElement} */ (row.cells[column]), text);
  }
}

function heading() {
  const cell = make("th");
  cell.scope = "row";
  return cell;
}

/** @param {Batch} batch */
function showWords({ counts, more: left, otherWords }) {
  const pairs = counts.slice(0, TOP);
  const most = pairs[0]?.[1] ?? 1;
  none.hidden = pairs.length > 0;
  table.hidden = pairs.length === 0;
  for (const [place, [word, count]] of pairs.entries()) {
    const row = (rows[place] ??= newRow());
    showWord(row.word, word);
    setText(row.count, number(count));
    row.bar.style.inlineSize = `${(100 * count) / most}%`;
  }
  for (const { row } of rows.splice(pairs.length)) row.remove();
  const missing = left + counts.length - pairs.length;
  const texts = [];
  if (missing > 0) texts.push(`${amount(missing, "other word")} less frequent.`);
  if (otherWords > 0) texts.push(`${number(otherWords)} counted in the total only: too many different words.`);
  showText(more, texts.join(" "));
}

/**
 * A word may be empty, a megabyte long, or made to disturb: it is cut, isolated, and a text only.
 * @param {HTMLElement} cell
 * @param {string} word
 */
function showWord(cell, word) {
  const long = word.length > MAX_LETTERS;
  // Not through the middle of a pair of surrogates.
  setText(
    cell,
    word === "" ? "empty word" : long ? `${word.slice(0, MAX_LETTERS).replace(/[\uD800-\uDBFF]$/, "")}…` : word,
  );
  cell.classList.toggle("empty", word === "");
  cell.title = long ? `A word of ${number(word.length)} characters` : "";
}

/** @returns {Row} */
function newRow() {
  const row = words.insertRow();
  const head = heading();
  const word = make("bdi");
  const count = make("td");
  const space = make("td", { className: "bar" });
  const bar = make("div");
  head.append(word);
  space.append(bar);
  row.append(head, count, space);
  return { row, word, count, bar };
}
