/** How a word is written: it may be empty, a megabyte long, or made to disturb. It is cut, isolated, and a text only. @module */

import { number } from "./amounts.js";
import { setText } from "./elements.js";

/** Letters of a word that reach the page; the style cuts what does not fit. */
const MAX_LETTERS = 200;

/**
 * A word as it is shown in running text.
 * @param {string} word
 */
export function wordText(word) {
  if (word === "") return "(empty word)";
  if (word.length <= MAX_LETTERS) return word;
  // Not through the middle of a pair of surrogates.
  return `${word.slice(0, MAX_LETTERS).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/**
 * Writes a word into an element that isolates its direction.
 * @param {HTMLElement} element
 * @param {string} word
 */
export function showWord(element, word) {
  setText(element, wordText(word));
  element.classList.toggle("empty", word === "");
  if (word.length > MAX_LETTERS) element.title = `A word of ${number(word.length)} characters`;
  else if (element.title !== "") element.title = "";
}
