/** The words of a batch beside their sums so far, to be sorted and searched. @module */

import { findInAll, showAllWords } from "./all_words.js";
import { amount, number } from "./amounts.js";
import { make, part, setText } from "./elements.js";
import { firstWords, MAX_WORDS } from "./first_words.js";
import { showWord } from "./words.js";

/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("./first_words.js").Entry} Entry */
/** @typedef {import("./first_words.js").Column} Column */

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
    renewTable();
    changed();
  };
  search.addEventListener("input", again);
  for (const head of heads)
    head.querySelector("button")?.addEventListener("click", () => {
      sortBy(/** @type {Column} */ (head.getAttribute("data-sort")));
      again();
    });
}

/** There is more, or something else, to show of the same batch. */
export function renewTable() {
  shown = undefined;
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
  showAllWords(batch);
  const query = { ...order, wanted: search.value };
  const tell = (/** @type {ReturnType<typeof firstWords>} */ { entries, found }) => {
    for (const [place, entry] of entries.entries()) fill(body.rows[place] ?? newRow(), entry);
    while (body.rows.length > entries.length) body.deleteRow(-1);
    setText(note, batch === null ? "No words yet." : noteOf(running, found));
  };
  const isAsked = batch !== null && findInAll(batch, { sums: running.words, query }, tell);
  if (!isAsked) tell(firstWords(batch?.counts ?? [], running.words, query));
}

/** @param {Scene["running"]} running @param {number} found */
function noteOf({ complete, from }, found) {
  const since = complete ? "the beginning" : `batch ${number(from)}, of the words that came to this page`;
  if (found === 0) return "No such word here.";
  const cut = found > MAX_WORDS ? ` The first ${MAX_WORDS} of ${amount(found, "word")}.` : "";
  return `So far: since ${since}.${cut}`;
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
