/** The order in which Spark prints the result of `reduceByKey`. @module */

import { partitionOf } from "./portable_hash.ts";
import { RDD } from "./rdd.ts";

/** Partitions of a shuffle under `local[2]`, Spark's usual laboratory setting. */
export const DEFAULT_PARTITIONS = 2;

/**
 * Places of `keys` in the order PySpark prints them: by partition (`portable_hash(key) % partitions`), and within one as
 * given, which is to be the order of first appearance.
 */
export function sparkOrder(keys: readonly string[], partitions: number = DEFAULT_PARTITIONS): number[] {
  const places = RDD.of(keys.map((key, place) => [key, place] as const));
  return Array.from(places.partitionBy(partitions).collect(), ([, place]) => place);
}

/** The partition that PySpark prints a key in. */
export function sparkPartition(key: string): number {
  return partitionOf(key, DEFAULT_PARTITIONS);
}
