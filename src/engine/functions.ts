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

/**
 * The separator at which a function splits, or undefined: of one made by {@link split}, or written as it is in every
 * tutorial, `(line) => line.split(" ")`. That one is told by its text: it can mean nothing else, and counting on the bytes
 * instead gives what calling it would.
 */
export function separatorOf(fn: unknown): string | undefined {
  if (typeof fn !== "function") return undefined;
  return (fn as { [SEPARATOR]?: string })[SEPARATOR] ?? written(fn, SPLIT)?.["separator"];
}

/** The value of a function made by {@link pair}, or written as `(word) => [word, 1]`; or undefined. */
export function valueOf(fn: unknown): number | undefined {
  if (typeof fn !== "function") return undefined;
  const value = written(fn, PAIR)?.["value"];
  return (fn as { [VALUE]?: number })[VALUE] ?? (value === undefined ? undefined : Number(value));
}

/** Whether a function is {@link add}, or written as `(a, b) => a + b`. */
export function isAdd(fn: unknown): boolean {
  return fn === add || (typeof fn === "function" && written(fn, ADD) !== undefined);
}

/** An arrow function of one name, or of two; the separator has nothing that a literal would have to escape. */
const SPLIT = /^\(?\s*(?<line>[\w$]+)\s*\)?\s*=>\s*\k<line>\.split\((?<quote>["'])(?<separator>[^"'\\]+)\k<quote>\)$/;
const PAIR = /^\(?\s*(?<word>[\w$]+)\s*\)?\s*=>\s*\[\s*\k<word>,\s*(?<value>\d{1,9})\s*\]$/;
const ADD = /^\(\s*(?<a>[\w$]+)\s*,\s*(?<b>[\w$]+)\s*\)\s*=>\s*\k<a>\s*\+\s*\k<b>$/;

function written(fn: object, form: RegExp): Record<string, string> | undefined {
  return form.exec(Function.prototype.toString.call(fn))?.groups;
}
