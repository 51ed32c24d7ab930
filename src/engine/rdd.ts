/** The records of one batch of a stream, in partitions. @module */

import { Keyed } from "./keyed.ts";
import { partitionOf } from "./portable_hash.ts";
import { sortedPartitions, type SortKey } from "./sorted.ts";

/** What a shuffle makes of the values of a key, as Spark's `combineByKey`. */
export interface Combiner<V, C> {
  readonly create: (value: V) => C;
  readonly mergeValue: (combined: C, value: V) => C;
  readonly mergeCombiners: (a: C, b: C) => C;
}

/** Which side of a join a key may be missing from: it is null there. */
export type Outer = "neither" | "left" | "right" | "either";

/**
 * An immutable list in partitions. Operations by key go through a shuffle: a key's partition is its `portable_hash`, and
 * within a partition keys stand in order of first appearance, as in PySpark under `local[n]`.
 */
export class RDD<T> {
  readonly partitions: readonly (readonly T[])[];
  /** Each key is known to be in the partition its hash says: Spark's partitioner. */
  readonly isByKey: boolean;

  constructor(partitions: readonly (readonly T[])[], isByKey: boolean = false) {
    this.partitions = partitions;
    this.isByKey = isByKey;
  }

  /** A list in one partition. */
  static of<U>(records: readonly U[]): RDD<U> {
    return new RDD([records]);
  }

  /**
   * The records of all. Where all are by key, and in as many partitions, so is the result: partition by partition, as
   * Spark's PartitionerAwareUnionRDD; else one's partitions come after another's.
   */
  static union<U>(rdds: readonly RDD<U>[]): RDD<U> {
    const [first, ...others] = rdds.filter(({ partitions }) => partitions.length > 0);
    if (first === undefined) return new RDD([]);
    const n = first.partitions.length;
    if ([first, ...others].every(({ isByKey, partitions }) => isByKey && partitions.length === n)) {
      return new RDD(
        first.partitions.map((partition, i) =>
          partition.concat(...others.map(({ partitions }) => partitions[i] ?? [])),
        ),
        true,
      );
    }
    return new RDD([first, ...others].flatMap(({ partitions }) => partitions));
  }

  collect(): readonly T[] {
    return this.partitions.length === 1 ? (this.partitions[0] ?? []) : this.partitions.flat();
  }

  count(): number {
    return this.partitions.reduce((sum, { length }) => sum + length, 0);
  }

  isEmpty(): boolean {
    return this.partitions.every(({ length }) => length === 0);
  }

  /** The first `n` records, partition by partition. */
  take(n: number): T[] {
    const taken: T[] = [];
    for (const partition of this.partitions) {
      for (const record of partition.slice(0, n - taken.length)) taken.push(record);
    }
    return taken;
  }

  map<U>(fn: (record: T) => U): RDD<U> {
    return new RDD(this.partitions.map((partition) => partition.map((record) => fn(record))));
  }

  flatMap<U>(fn: (record: T) => Iterable<U>): RDD<U> {
    return this.mapPartitions(function* (records) {
      for (const record of records) yield* fn(record);
    });
  }

  filter(keep: (record: T) => boolean): RDD<T> {
    return new RDD(
      this.partitions.map((partition) => partition.filter((record) => keep(record))),
      this.isByKey,
    );
  }

  mapPartitions<U>(fn: (records: Iterable<T>) => Iterable<U>): RDD<U> {
    return new RDD(this.partitions.map((partition) => Array.from(fn(partition))));
  }

  mapValues<K, V, W>(this: RDD<readonly [K, V]>, fn: (value: V) => W): RDD<readonly [K, W]> {
    return this.flatMapValues((value) => [fn(value)]);
  }

  /** What is by key stays so: unlike `map` this cannot change keys. */
  flatMapValues<K, V, W>(this: RDD<readonly [K, V]>, fn: (value: V) => Iterable<W>): RDD<readonly [K, W]> {
    const made = this.partitions.map((partition) =>
      partition.flatMap(([key, value]) => Array.from(fn(value), (each): readonly [K, W] => [key, each])),
    );
    return new RDD(made, this.isByKey);
  }

  union(other: RDD<T>): RDD<T> {
    return RDD.union([this, other]);
  }

  /** In `n` partitions by key. */
  partitionBy<K, V>(this: RDD<readonly [K, V]>, n: number): RDD<readonly [K, V]> {
    if (this.isByKey && this.partitions.length === n) return this;
    const placed: (readonly [K, V])[][] = Array.from({ length: n }, () => []);
    for (const partition of this.partitions) {
      for (const record of partition) placed[partitionOf(record[0], n)]?.push(record);
    }
    return new RDD(placed, true);
  }

  /** In `n` partitions of as equal a size as can be. Spark deals records out from a random start. */
  repartition(n: number): RDD<T> {
    const dealt: T[][] = Array.from({ length: n }, () => []);
    this.collect().forEach((record, i) => dealt[i % n]?.push(record));
    return new RDD(dealt);
  }

  combineByKey<K, V, C>(this: RDD<readonly [K, V]>, combiner: Combiner<V, C>, n: number): RDD<readonly [K, C]> {
    const { create, mergeValue, mergeCombiners } = combiner;
    const local = new RDD(
      this.partitions.map((partition) => {
        const combined = new Keyed<K, C>();
        for (const [key, value] of partition) combined.merge(key, value, { create, merge: mergeValue });
        return combined.entries;
      }),
      this.isByKey,
    );
    return new RDD(
      local.partitionBy(n).partitions.map((partition) => {
        const combined = new Keyed<K, C>();
        for (const [key, c] of partition) combined.merge(key, c, { create: (first) => first, merge: mergeCombiners });
        return combined.entries;
      }),
      true,
    );
  }

  reduceByKey<K, V>(this: RDD<readonly [K, V]>, reduce: (a: V, b: V) => V, n: number): RDD<readonly [K, V]> {
    return this.combineByKey({ create: (value) => value, mergeValue: reduce, mergeCombiners: reduce }, n);
  }

  groupByKey<K, V>(this: RDD<readonly [K, V]>, n: number): RDD<readonly [K, V[]]> {
    const append = (values: V[], value: V): V[] => {
      values.push(value);
      return values;
    };
    return this.combineByKey(
      { create: (value) => [value], mergeValue: append, mergeCombiners: (a, b) => a.concat(b) },
      n,
    );
  }

  /** For each key of either: its values here and its values there. Keys of this one come first. */
  cogroup<K, V, W>(
    this: RDD<readonly [K, V]>,
    other: RDD<readonly [K, W]>,
    n: number,
  ): RDD<readonly [K, readonly [V[], W[]]]> {
    const left = this.mapValues((value): Tagged<V, W> => [0, value]);
    const right = other.mapValues((value): Tagged<V, W> => [1, value]);
    return left
      .union(right)
      .groupByKey(n)
      .mapValues((tagged) => {
        const sides: [V[], W[]] = [[], []];
        for (const item of tagged) {
          if (item[0] === 0) sides[0].push(item[1]);
          else sides[1].push(item[1]);
        }
        return sides;
      });
  }

  /** Every value of a key here with every value of it there; a key missing from the side that may lack it has null there. */
  outerJoin<K, V, W>(
    this: RDD<readonly [K, V]>,
    other: RDD<readonly [K, W]>,
    { partitions, missing }: { readonly partitions: number; readonly missing: Outer },
  ): RDD<readonly [K, readonly [V | null, W | null]]> {
    return this.cogroup(other, partitions).flatMapValues(([values, others]) => {
      const left = values.length === 0 && (missing === "left" || missing === "either") ? [null] : values;
      const right = others.length === 0 && (missing === "right" || missing === "either") ? [null] : others;
      return left.flatMap((a) => right.map((b): readonly [V | null, W | null] => [a, b]));
    });
  }

  /** By what `key` makes of each record, smallest first, in as many partitions unless told; equal ones stay in order. */
  sortBy(key: (record: T) => SortKey, n: number = this.partitions.length): RDD<T> {
    // As PySpark: without records there are no ranges, and no more partitions than there were.
    if (this.isEmpty()) return new RDD(n === 1 ? this.partitions.slice(0, 1) : this.partitions);
    return new RDD(sortedPartitions(this.collect(), key, n));
  }
}

type Tagged<V, W> = readonly [0, V] | readonly [1, W];
