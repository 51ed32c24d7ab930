/** The functions of the classic word count, which the engine recognises and then counts on the bytes. @module */

const SEPARATOR: unique symbol = Symbol("sluice.separator");
const VALUE: unique symbol = Symbol("sluice.value");

/**
 * Python's `line.split(separator)`: every separator splits, so two in a row give an empty word, and a blank line is one.
 *
 * @example
 * split(" ")("a  b"); // ["a", "", "b"]
 */
export function split(separator: string): (line: string) => string[] {
  if (separator === "") throw new RangeError("Cannot split on an empty separator: one character or more is wanted");
  return Object.assign((line: string) => line.split(separator), { [SEPARATOR]: separator });
}

/** Pairs each record with `value`, as `lambda w: (w, 1)`. */
export function pair(value: number): <K>(key: K) => [K, number] {
  return Object.assign(<K>(key: K): [K, number] => [key, value], { [VALUE]: value });
}

/** The sum of two numbers, as `lambda a, b: a + b`. */
export function add(a: number, b: number): number {
  return a + b;
}

/** The separator of a function made by {@link split}, or undefined. */
export function separatorOf(fn: unknown): string | undefined {
  return typeof fn === "function" ? (fn as { [SEPARATOR]?: string })[SEPARATOR] : undefined;
}

/** The value of a function made by {@link pair}, or undefined. */
export function valueOf(fn: unknown): number | undefined {
  return typeof fn === "function" ? (fn as { [VALUE]?: number })[VALUE] : undefined;
}
