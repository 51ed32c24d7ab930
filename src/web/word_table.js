/** The words of a batch beside their sums so far, to be sorted and searched. @module */

import { amount, number } from "./amounts.js";
import { countsOf, showAllWords } from "./all_words.js";
import { Best } from "./best.js";
import { make, part, setText } from "./elements.js";
import { showWord } from "./words.js";

/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {{ word: string, batch: number, running: number | undefined }} Entry `running` is not known of every word */
/** @typedef {"word" | "batch" | "running"} Column */

/** Rows of the table; the others are found by searching. */
const MAX_ROWS = 50;
const body = part("words", HTMLTableSectionElement);
const search = part("search", HTMLInputElement);
const note = part("words-note", HTMLElement);
const heads = [...document.querySelectorAll("[data-sort]")];
/** @type {{ by: Column, descending: boolean }} */
let order = { by: "batch", descending: true };
/** @type {readonly (readonly [string, number])[] | undefined} */
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
  const counts = batch === null ? [] : countsOf(batch);
  if (counts === shown) return;
  shown = counts;
  showAllWords(batch);
  const { items, given } = firstOf(counts, running.words);
  for (const [place, entry] of items.entries()) fill(body.rows[place] ?? newRow(), entry);
  while (body.rows.length > items.length) body.deleteRow(-1);
  setText(note, batch === null ? "No words yet." : noteOf(running, given));
}

/** @param {Scene["running"]} running @param {number} found */
function noteOf({ complete, from }, found) {
  const since = complete ? "the beginning" : `batch ${number(from)}, of the words that came to this page`;
  if (found === 0) return "No such word here.";
  const cut = found > MAX_ROWS ? ` The first ${MAX_ROWS} of ${amount(found, "word")}.` : "";
  return `So far: since ${since}.${cut}`;
}

/**
 * The first words in the order that is wanted, of those that are looked for.
 * @param {readonly (readonly [string, number])[]} counts
 * @param {ReadonlyMap<string, number>} sums
 */
function firstOf(counts, sums) {
  const wanted = search.value.trim().toLowerCase();
  const isWanted = (/** @type {string} */ word) => wanted === "" || word.toLowerCase().includes(wanted);
  const first = new Best(MAX_ROWS, compare);
  const seen = new Set();
  for (const [word, batch] of counts) {
    const running = sums.get(word);
    if (running !== undefined) seen.add(word);
    if (isWanted(word)) first.add({ word, batch, running });
  }
  for (const [word, running] of sums) if (!seen.has(word) && isWanted(word)) first.add({ word, batch: 0, running });
  return first;
}

/** @param {Entry} a @param {Entry} b */
function compare(a, b) {
  const { by, descending } = order;
  const [first, second] = descending ? [b, a] : [a, b];
  if (by === "word") return first.word < second.word ? -1 : 1;
  return (
    valueOf(first, by) - valueOf(second, by) ||
    valueOf(b, "running") - valueOf(a, "running") ||
    (a.word < b.word ? -1 : 1)
  );
}

/** @param {Entry} entry @param {"batch" | "running"} by */
function valueOf(entry, by) {
  return entry[by] ?? 0;
}

/** @param {HTMLTableRowElement} row @param {Entry} entry */
function fill(row, { word, batch, running }) {
  const [head, now, sum] = /** @type {HTMLCollectionOf<HTMLElement>} */ (row.cells);
  showWord(/** @type {HTMLElement} */ (head?.firstElementChild), word);
  if (now !== undefined) setText(now, number(batch));
  if (sum !== undefined) setText(sum, running === undefined ? "–" : number(running));
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
