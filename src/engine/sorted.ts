/** Records in order, in partitions by range: what Spark's `sortBy` makes. @module */

import { compareCodePoints } from "./code_points.ts";

/** What records are ordered by. */
export type SortKey = number | string;

/**
 * `records` by their keys, smallest first, equal ones as they were, in `n` partitions of about as many records. As in
 * PySpark a bound is the key at a whole n-th, and what equals it goes before; above 20 records a partition Spark guesses
 * the bounds from a random sample.
 */
export function sortedPartitions<T>(records: readonly T[], key: (record: T) => SortKey, n: number): T[][] {
  const keyed = records.map((record) => ({ record, by: key(record) })).sort((a, b) => compareKeys(a.by, b.by));
  const partitions: T[][] = [];
  let at = 0;
  for (let i = 1; i <= n; i++) {
    const bound = i < n ? keyed[Math.floor((keyed.length * i) / n)] : undefined;
    const made: T[] = [];
    for (let next = keyed[at]; next !== undefined; next = keyed[++at]) {
      if (bound !== undefined && compareKeys(next.by, bound.by) > 0) break;
      made.push(next.record);
    }
    partitions.push(made);
  }
  return partitions;
}

/** Texts go by code point, as in Python. */
function compareKeys(a: SortKey, b: SortKey): number {
  return typeof a === "string" && typeof b === "string" ? compareCodePoints(a, b) : Number(a) - Number(b);
}
