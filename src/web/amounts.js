/** How numbers and lengths of time are written. @module */

const FORMAT = new Intl.NumberFormat("en");
const CLOCK = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

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

/**
 * A short time, to a tenth of a ms where that is something: `0.4 ms`.
 * @param {number} ms
 * @returns {string}
 */
export function fineDuration(ms) {
  return ms < 10 ? `${Math.round(ms * 10) / 10} ms` : duration(ms);
}

/**
 * So many lines in a second: `0.4/s`, `12,000/s`.
 * @param {number} perSecond
 * @returns {string}
 */
export function rate(perSecond) {
  return `${number(perSecond < 10 ? Math.round(perSecond * 10) / 10 : Math.round(perSecond))}/s`;
}

/**
 * A time of the day, where we are: `21:25:35`.
 * @param {number} at in ms since the Unix epoch
 * @returns {string}
 */
export function clockTime(at) {
  return CLOCK.format(at);
}

/** @type {[one: string, ms: number][]} */
const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
];

/**
 * A length of time in words, as Spark's page has it: `5 seconds`, `1 minute 3 seconds`.
 * @param {number} ms
 * @returns {string}
 */
export function timeSpan(ms) {
  if (ms < 1000) return amount(Math.round(ms), "millisecond");
  const texts = [];
  let left = ms;
  for (const [one, size] of UNITS) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) texts.push(amount(count, one));
  }
  return texts.slice(0, 2).join(" ");
}
