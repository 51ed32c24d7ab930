/** The functions that chains name; functions.py has the same ones. @module */

import { compareCodePoints, pythonLiteral as shown } from "../../../src/engine/mod.ts";

// What is given to a function is of the type it wants: the generator sees to that.
// oxlint-disable-next-line typescript/no-explicit-any
type Any = any;
type Table<F> = Readonly<Record<string, F>>;

const points = (text: string): string[] => Array.from(text);
const size = (value: Any): number => points(shown(value)).length;
const mod = (a: number, n: number): number => ((a % n) + n) % n;

function bounded(text: string): string {
  const all = points(text);
  return all.length <= 48 ? text : `${all.slice(0, 24).join("")}~${all.slice(-23).join("")}`;
}

const text = (value: Any): string => bounded(shown(value));

export const MAP: Table<(record: Any) => Any> = {
  upper: (s: string) => s.toUpperCase(),
  len: (s: string) => points(s).length,
  first: (s: string) => points(s)[0] ?? "",
  reverse: (s: string) => points(s).toReversed().join(""),
  bang: (s: string) => bounded(`${s}!`),
  neg: (n: number) => 0 - n,
  inc: (n: number) => n + 1,
  mod3: (n: number) => mod(n, 3),
  half: (n: number) => n + 0.5,
  even: (n: number) => mod(n, 2) === 0,
  toInt: Number,
  text,
  self: (x) => x,
  pair1: (x) => [x, 1],
  dup: (x) => [x, x],
  keySize: (x) => [size(x) % 4, x],
  keyBool: (x) => [size(x) % 2 === 0, x],
  keyNone: (x) => [size(x) % 3 === 0 ? null : size(x) % 3, x],
  keyText: (x) => [text(x), x],
  keyed: (x) => [[size(x) % 2 === 0, null], x],
  swap: ([key, value]) => [value, key],
  key: ([key]) => key,
  value: ([, value]) => value,
  orNone: (x) => (size(x) % 2 === 0 ? null : x),
};

export const FLAT: Table<(record: Any) => Any[]> = {
  split: (s: string) => s.split(" "),
  chars: (s: string) => points(s).slice(0, 6),
  range: (n: number) => Array.from({ length: Math.abs(n) % 4 }, (_, i) => i),
  each: (items: Any[]) => items,
  twice: (x) => [x, x],
  maybe: (x) => (size(x) % 2 === 1 ? [x] : []),
};

export const TEST: Table<(record: Any) => boolean> = {
  all: () => true,
  none: () => false,
  even: (n: number) => mod(n, 2) === 0,
  positive: (n: number) => n > 0,
  third: (x) => size(x) % 3 !== 0,
  odd: (x) => size(x) % 2 === 1,
  positiveValue: ([, value]) => value > 0,
  trueKey: ([key]) => size(key) % 2 === 1,
};

export const MERGE: Table<(a: Any, b: Any) => Any> = {
  add: (a: number, b: number) => a + b,
  max: (a: number, b: number) => Math.max(a, b),
  min: (a: number, b: number) => Math.min(a, b),
  poly: (a: number, b: number) => mod(a * 31 + b, 1000),
  bracket: (a: string, b: string) => bounded(`(${a}${b})`),
  extend: (a: Any[], b: Any[]) => [...a, ...b].slice(0, 12),
  left: (a) => a,
  right: (_, b) => b,
  larger: (a, b) => (compareCodePoints(shown(b), shown(a)) > 0 ? b : a),
  sub: (a: number, b: number) => a - b,
  minus: (a: string, b: string) => bounded(`(${a}-${b})`),
  drop: (a: Any[], b: Any[]) => a.slice(b.length),
};

export const PARTITION: Table<(records: Iterable<Any>) => Any[]> = {
  size: (records) => [[...records].length],
  first: (records) => [...records].slice(0, 1),
  reversed: (records) => [...records].toReversed(),
  tail: (records) => [...records].slice(1),
  tuple: (records) => [[...records]],
};

interface Combiner {
  readonly create: (value: Any) => Any;
  readonly mergeValue: (combined: Any, value: Any) => Any;
  readonly mergeCombiners: (a: Any, b: Any) => Any;
}

export const COMBINE: Table<Combiner> = {
  calls: {
    create: (v) => bounded(`<${shown(v)}>`),
    mergeValue: (c, v) => bounded(`${c}+${shown(v)}`),
    mergeCombiners: (a, b) => bounded(`[${a}|${b}]`),
  },
  count: { create: () => 1, mergeValue: (c) => c + 1, mergeCombiners: (a, b) => a + b },
  list: {
    create: (v) => [v],
    mergeValue: (c, v) => [...c, v].slice(0, 12),
    mergeCombiners: (a, b) => [...a, ...b].slice(0, 12),
  },
};

const tally = (values: Any[], count = 0): number | null => {
  const total = count + values.length;
  return total < 4 ? total : null;
};

export const UPDATE: Table<(values: Any[], old: Any) => Any> = {
  running: (values, total = 0) => values.reduce((sum, value) => sum + value, total),
  trail: (values, old) => bounded(`${old ?? "-"}${shown(values)}`),
  last: (values) => values.at(-1) ?? null,
  keep: (values, old) => (values.length > 0 ? values.at(-1) : old),
  idle: (values, calls) => (values.length > 0 ? 0 : calls < 1 ? calls + 1 : null),
  tally,
};
