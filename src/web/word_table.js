/** The words of a batch beside their sums so far, to be sorted and searched. @module */

import { amount, number } from "./amounts.js";
import { make, part, setText } from "./elements.js";
import { showWord } from "./words.js";

/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {{ word: string, batch: number, running: number }} Entry */
/** @typedef {"word" | "batch" | "running"} Column */

/** Rows of the table; the others are found by searching. */
const MAX_ROWS = 50;
const body = part("words", HTMLTableSectionElement);
const search = part("search", HTMLInputElement);
const note = part("words-note", HTMLElement);
const heads = [...document.querySelectorAll("[data-sort]")];
/** @type {{ by: Column, descending: boolean }} */
let order = { by: "batch", descending: true };
/** @type {Scene["told"]["batch"] | undefined} */
let shown;

/**
 * Lets the table be sorted and searched; `changed` is called then.
 * @param {() => void} changed
 */
export function offerTable(changed) {
  const again = () => {
    shown = undefined;
    changed();
  };
  search.addEventListener("input", again);
  for (const head of heads)
    head.querySelector("button")?.addEventListener("click", () => {
      sortBy(/** @type {Column} */ (head.getAttribute("data-sort")));
      again();
    });
}

/** @param {Column} by */
function sortBy(by) {
  // Words begin at their beginning, numbers at the largest.
  order = { by, descending: by === order.by ? !order.descending : by !== "word" };
  for (const head of heads) {
    if (head.getAttribute("data-sort") !== by) head.removeAttribute("aria-sort");
    else head.setAttribute("aria-sort", order.descending ? "descending" : "ascending");
  }
}

/** @param {Scene} scene */
export function showTable({ told: { batch }, running }) {
  if (batch === shown) return;
  shown = batch;
  const wanted = search.value.trim().toLowerCase();
  const found = entriesOf(batch?.counts ?? [], running.words).filter(({ word }) => word.toLowerCase().includes(wanted));
  const entries = found.sort(compare).slice(0, MAX_ROWS);
  for (const [place, entry] of entries.entries()) fill(body.rows[place] ?? newRow(), entry);
  while (body.rows.length > entries.length) body.deleteRow(-1);
  setText(note, batch === null ? "No words yet." : noteOf(running, found.length));
}

/** @param {Scene["running"]} running @param {number} found */
function noteOf({ complete, from }, found) {
  const since = complete ? "the beginning" : `batch ${number(from)}, of the words that came to this page`;
  if (found === 0) return "No such word.";
  const cut = found > MAX_ROWS ? ` The first ${MAX_ROWS} of ${amount(found, "word")}.` : "";
  return `So far: since ${since}.${cut}`;
}

/**
 * @param {readonly (readonly [string, number])[]} counts
 * @param {ReadonlyMap<string, number>} sums
 * @returns {Entry[]}
 */
function entriesOf(counts, sums) {
  const now = new Map(counts);
  const all = counts.map(([word, batch]) => ({ word, batch, running: sums.get(word) ?? batch }));
  for (const [word, running] of sums) if (!now.has(word)) all.push({ word, batch: 0, running });
  return all;
}

/** @param {Entry} a @param {Entry} b */
function compare(a, b) {
  const { by, descending } = order;
  const [first, second] = descending ? [b, a] : [a, b];
  if (by === "word") return first.word < second.word ? -1 : 1;
  return first[by] - second[by] || b.running - a.running || (a.word < b.word ? -1 : 1);
}

/** @param {HTMLTableRowElement} row @param {Entry} entry */
function fill(row, { word, batch, running }) {
  const [head, now, sum] = /** @type {HTMLCollectionOf<HTMLElement>} */ (row.cells);
  showWord(/** @type {HTMLElement} */ (head?.firstElementChild), word);
  if (now !== undefined) setText(now, number(batch));
  if (sum !== undefined) setText(sum, number(running));
  row.classList.toggle("absent", batch === 0);
}

function newRow() {
  const row = body.insertRow();
  const head = make("th");
  head.scope = "row";
  head.append(make("bdi"));
  row.append(head, make("td"), make("td"));
  return row;
}
