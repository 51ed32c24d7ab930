/** The records of one batch of a stream, in partitions. @module */

import { combined, crossed, grouping, placed, untagged, type Combiner, type Tagged } from "./shuffle.ts";
import { sortedPartitions, type SortKey } from "./sorted.ts";

type Partitions<T> = readonly (readonly T[])[];

/**
 * An immutable list in partitions. Operations by key go through a shuffle: a key's partition is its `portable_hash`, and
 * within a partition keys stand in order of first appearance, as in PySpark under `local[n]`.
 * Where an operation is not told into how many partitions, the result has as many as what it is made of.
 */
export class RDD<T> {
  #partitions: Partitions<T> | (() => Partitions<T>);
  /** Each key is known to be in the partition its hash says: Spark's partitioner. */
  readonly isByKey: boolean;

  /** `partitions` may be a function, which makes them when they are first asked for. */
  constructor(partitions: Partitions<T> | (() => Partitions<T>), isByKey: boolean = false) {
    this.#partitions = partitions;
    this.isByKey = isByKey;
  }

  get partitions(): Partitions<T> {
    if (typeof this.#partitions === "function") this.#partitions = this.#partitions();
    return this.#partitions;
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

  /** Throws where there is none. */
  first(): T {
    const [first] = this.take(1);
    if (this.isEmpty()) throw new RangeError("Cannot give the first record: the RDD is empty");
    return first as T;
  }

  /** All records as one, left to right; throws where there is none. */
  reduce(reduce: (a: T, b: T) => T): T {
    if (this.isEmpty()) throw new RangeError("Cannot reduce: the RDD is empty");
    return this.collect().reduce((a, b) => reduce(a, b));
  }

  foreach(run: (record: T) => void): void {
    for (const record of this.collect()) run(record);
  }

  /** The `n` first by what `key` makes of each record, smallest first. */
  takeOrdered(n: number, key: (record: T) => SortKey): T[] {
    return this.sortBy(key, 1).take(n);
  }

  getNumPartitions(): number {
    return this.partitions.length;
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

  mapValues<K, V, W>(this: Pairs<K, V>, fn: (value: V) => W): Pairs<K, W> {
    return this.flatMapValues((value) => [fn(value)]);
  }

  /** What is by key stays so: unlike `map` this cannot change keys. */
  flatMapValues<K, V, W>(this: Pairs<K, V>, fn: (value: V) => Iterable<W>): Pairs<K, W> {
    const made = this.partitions.map((partition) =>
      partition.flatMap(([key, value]) => Array.from(fn(value), (each): readonly [K, W] => [key, each])),
    );
    return new RDD(made, this.isByKey);
  }

  union(other: RDD<T>): RDD<T> {
    return RDD.union([this, other]);
  }

  /** Each record once, in `n` partitions by what it is. */
  distinct(n?: number): RDD<T> {
    return this.map((record): readonly [T, null] => [record, null])
      .reduceByKey((a) => a, n)
      .map(([record]) => record);
  }

  keys<K, V>(this: Pairs<K, V>): RDD<K> {
    return this.map(([key]) => key);
  }

  values<K, V>(this: Pairs<K, V>): RDD<V> {
    return this.map(([, value]) => value);
  }

  /** In `n` partitions by key. */
  partitionBy<K, V>(this: Pairs<K, V>, n: number): Pairs<K, V> {
    if (this.isByKey && this.partitions.length === n) return this;
    return new RDD(placed(this.partitions, n), true);
  }

  /** In `n` partitions of as equal a size as can be. Spark deals records out from a random start. */
  repartition(n: number): RDD<T> {
    const dealt: T[][] = Array.from({ length: n }, () => []);
    this.collect().forEach((record, i) => dealt[i % n]?.push(record));
    return new RDD(dealt);
  }

  combineByKey<K, V, C>(this: Pairs<K, V>, combiner: Combiner<V, C>, n: number = this.partitions.length): Pairs<K, C> {
    const { create, mergeValue, mergeCombiners } = combiner;
    const local = this.partitions.map((records) => combined(records, create, mergeValue));
    // All of a key are together already.
    if (this.isByKey && local.length === n) return new RDD(local, true);
    const shuffled = new RDD(local, this.isByKey).partitionBy(n).partitions;
    return new RDD(
      shuffled.map((records) => combined(records, (first) => first, mergeCombiners)),
      true,
    );
  }

  reduceByKey<K, V>(this: Pairs<K, V>, reduce: (a: V, b: V) => V, n?: number): Pairs<K, V> {
    return this.combineByKey({ create: (value) => value, mergeValue: reduce, mergeCombiners: reduce }, n);
  }

  groupByKey<K, V>(this: Pairs<K, V>, n?: number): Pairs<K, V[]> {
    return this.combineByKey(grouping<V>(), n);
  }

  /** For each key of either: its values here and its values there. Keys of this one come first. */
  cogroup<K, V, W>(this: Pairs<K, V>, other: Pairs<K, W>, n?: number): Pairs<K, readonly [V[], W[]]> {
    const left = this.mapValues((value): Tagged<V, W> => [0, value]);
    const right = other.mapValues((value): Tagged<V, W> => [1, value]);
    return left.union(right).groupByKey(n).mapValues(untagged);
  }

  /** Every value of a key here with every value of it there. */
  join<K, V, W>(this: Pairs<K, V>, other: Pairs<K, W>, n?: number): Pairs<K, readonly [V, W]> {
    return this.cogroup(other, n).flatMapValues((sides) => crossed(sides, "neither")) as Pairs<K, readonly [V, W]>;
  }

  /** As {@link join}; null stands for what is missing there. */
  leftOuterJoin<K, V, W>(this: Pairs<K, V>, other: Pairs<K, W>, n?: number): Pairs<K, readonly [V, W | null]> {
    return this.cogroup(other, n).flatMapValues((sides) => crossed(sides, "right")) as Pairs<K, readonly [V, W | null]>;
  }

  /** As {@link join}; null stands for what is missing here. */
  rightOuterJoin<K, V, W>(this: Pairs<K, V>, other: Pairs<K, W>, n?: number): Pairs<K, readonly [V | null, W]> {
    return this.cogroup(other, n).flatMapValues((sides) => crossed(sides, "left")) as Pairs<K, readonly [V | null, W]>;
  }

  /** As {@link join}; null stands for what is missing on either side. */
  fullOuterJoin<K, V, W>(this: Pairs<K, V>, other: Pairs<K, W>, n?: number): Pairs<K, readonly [V | null, W | null]> {
    return this.cogroup(other, n).flatMapValues((sides) => crossed(sides, "either"));
  }

  /** By what `key` makes of each record, smallest first, in as many partitions unless told; equal ones stay in order. */
  sortBy(key: (record: T) => SortKey, n: number = this.partitions.length): RDD<T> {
    // As PySpark: without records there are no ranges, and no more partitions than there were.
    if (this.isEmpty()) return new RDD(n === 1 ? this.partitions.slice(0, 1) : this.partitions);
    return new RDD(sortedPartitions(this.collect(), key, n));
  }

  sortByKey<K extends SortKey, V>(this: Pairs<K, V>, n?: number): Pairs<K, V> {
    return this.sortBy(([key]) => key, n);
  }
}

type Pairs<K, V> = RDD<readonly [K, V]>;
