/** What is done with records by key: in a partition, and on their way to one. @module */

import { Keyed } from "./keyed.ts";
import { partitionOf } from "./portable_hash.ts";

/** What a shuffle makes of the values of a key, as Spark's `combineByKey`. */
export interface Combiner<V, C> {
  readonly create: (value: V) => C;
  readonly mergeValue: (combined: C, value: V) => C;
  readonly mergeCombiners: (a: C, b: C) => C;
}

/** Which side of a join a key may be missing from: it is null there. */
type Missing = "neither" | "left" | "right" | "either";

/** A value of the left or of the right side. */
export type Tagged<V, W> = readonly [0, V] | readonly [1, W];

type Records<K, V> = readonly (readonly [K, V])[];

/** In `n` partitions by key. */
export function placed<K, V>(partitions: readonly Records<K, V>[], n: number): (readonly [K, V])[][] {
  const made: (readonly [K, V])[][] = Array.from({ length: n }, () => []);
  for (const records of partitions) {
    for (const record of records) made[partitionOf(record[0], n)]?.push(record);
  }
  return made;
}

/** One record for each key, in order of first appearance. */
export function combined<K, V, C>(
  records: Records<K, V>,
  create: (value: V) => C,
  merge: (combined: C, value: V) => C,
): [K, C][] {
  const byKey = new Keyed<K, C>();
  for (const [key, value] of records) byKey.merge(key, value, { create, merge });
  return byKey.entries;
}

/** All values of a key, in order. */
export function grouping<V>(): Combiner<V, V[]> {
  const mergeValue = (values: V[], value: V): V[] => {
    values.push(value);
    return values;
  };
  return { create: (value) => [value], mergeValue, mergeCombiners: (a, b) => a.concat(b) };
}

/** The values of the left side and those of the right. */
export function untagged<V, W>(values: readonly Tagged<V, W>[]): readonly [V[], W[]] {
  const sides: [V[], W[]] = [[], []];
  for (const value of values) {
    if (value[0] === 0) sides[0].push(value[1]);
    else sides[1].push(value[1]);
  }
  return sides;
}

/** Every value of the left side with every one of the right; null where one is missing that may be. */
export function crossed<V, W>(
  [values, others]: readonly [readonly V[], readonly W[]],
  missing: Missing,
): (readonly [V | null, W | null])[] {
  const left = values.length === 0 && (missing === "left" || missing === "either") ? [null] : values;
  const right = others.length === 0 && (missing === "right" || missing === "either") ? [null] : others;
  return left.flatMap((a) => right.map((b): readonly [V | null, W | null] => [a, b]));
}
