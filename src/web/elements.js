/** How the script finds and makes parts of the page: always text, never markup. @module */

/**
 * The element with this id; it must be of this kind.
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} Kind
 * @returns {T}
 */
export function part(id, Kind) {
  const found = document.getElementById(id);
  if (found instanceof Kind) return found;
  throw new TypeError(`Cannot find #${id}: it is ${found?.localName ?? "missing"}, wanted is ${Kind.name}`);
}

/**
 * A new element with a text.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {{ text?: string, className?: string }} [options]
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, { text = "", className = "" } = {}) {
  const element = document.createElement(tag);
  if (text !== "") element.textContent = text;
  if (className !== "") element.className = className;
  return element;
}

/**
 * Sets a text if it is another one, so that nothing is laid out, or read out, again for nothing.
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Shows a text in an element, or hides the element when there is none.
 * @param {HTMLElement} element
 * @param {string} text
 */
export function showText(element, text) {
  setText(element, text);
  element.hidden = text === "";
}
