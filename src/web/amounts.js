/** How numbers and lengths of time are written. @module */

const FORMAT = new Intl.NumberFormat("en");

/**
 * A whole number with its thousands apart.
 * @param {number} value
 * @returns {string}
 */
export function number(value) {
  return FORMAT.format(value);
}

/**
 * A number of things: `1 line`, `2 lines`.
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 * @returns {string}
 */
export function amount(count, one, many = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/**
 * A length of time: `200 ms`, `2 s`, `1.5 s`, `20 min`.
 * @param {number} ms
 * @returns {string}
 */
export function duration(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Math.round(ms / 100) / 10} s`;
  return `${Math.round(ms / 6000) / 10} min`;
}
