/** A discretized stream: what is done with the records of every interval. Names and meanings are PySpark's. @module */

import { slice, type Flow, type PrepareOutput, type RunOutput } from "./graph.ts";
import { add } from "./functions.ts";
import * as narrow from "./narrow.ts";
import { reduceByKey } from "./fold.ts";
import { PPRINT_RECORDS, printed } from "./pprint.ts";
import { pyList } from "./python_literal.ts";
import type { RDD } from "./rdd.ts";
import { mapWithState, type StateFunction, type StateSpec } from "./map_with_state.ts";
import { updateStateByKey, type Update } from "./state.ts";
import { textFilesIn } from "./text_files.ts";
import * as windows from "./windows.ts";

/** A pair of a key and a value. */
export type KeyValue<K, V> = readonly [K, V];

/** A stream of such. */
type Pairs<K, V> = DStream<KeyValue<K, V>>;
type PairsRdd<K, V> = RDD<KeyValue<K, V>>;

/** What `mapWithState` gives: the records its function returned, and, in each batch, every key with its state. */
export type MapWithStateDStream<K, S, M> = DStream<M> & { stateSnapshots(): Pairs<K, S> };

/**
 * Spark's DStream. Durations are in ms; `partitions` is the number of a shuffle's partitions, by default the context's, and
 * decides on the order of what comes out.
 */
export class DStream<T> {
  readonly flow: Flow<T>;

  /** Throws once the context has started. */
  constructor(flow: Flow<T>) {
    flow.graph.addFlow(flow);
    this.flow = flow;
  }

  map<U>(fn: (record: T) => U): DStream<U> {
    return new DStream(narrow.map(this.flow, fn));
  }

  flatMap<U>(fn: (record: T) => Iterable<U>): DStream<U> {
    return new DStream(narrow.flatMap(this.flow, fn));
  }

  filter(keep: (record: T) => boolean): DStream<T> {
    return new DStream(narrow.filter(this.flow, keep));
  }

  mapPartitions<U>(fn: (records: Iterable<T>) => Iterable<U>): DStream<U> {
    return this.transform((rdd) => rdd.mapPartitions(fn));
  }

  /** Each partition as one list. */
  glom(): DStream<T[]> {
    return this.mapPartitions((records) => [pyList([...records])]);
  }

  mapValues<K, V, W>(this: Pairs<K, V>, fn: (value: V) => W): Pairs<K, W> {
    return this.flatMapValues((value) => [fn(value)]);
  }

  flatMapValues<K, V, W>(this: Pairs<K, V>, fn: (value: V) => Iterable<W>): Pairs<K, W> {
    return new DStream(narrow.flatMapValues(this.flow, fn));
  }

  /** All records of a batch as one; nothing of a batch without records. */
  reduce(reduce: (a: T, b: T) => T): DStream<T> {
    const keyed = this.map((record): KeyValue<null, T> => [null, record]);
    return keyed.reduceByKey(reduce, 1).map(([, record]) => record);
  }

  /** The number of records of a batch. */
  count(): DStream<number> {
    return this.mapPartitions((records) => [[...records].length]).reduce(add);
  }

  countByValue(): Pairs<T, number> {
    return this.map((record): KeyValue<T, number> => [record, 1]).reduceByKey(add);
  }

  /** Merges the values of each key of a batch; where records can be had as they arrive, then. */
  reduceByKey<K, V>(this: Pairs<K, V>, reduce: (a: V, b: V) => V, partitions?: number): Pairs<K, V> {
    return new DStream(reduceByKey(this.flow, reduce, partitions ?? this.flow.graph.partitions));
  }

  groupByKey<K, V>(this: Pairs<K, V>, partitions?: number): Pairs<K, V[]> {
    return this.transform((rdd) => rdd.groupByKey(partitions ?? this.flow.graph.partitions));
  }

  combineByKey<K, V, C>(
    this: Pairs<K, V>,
    create: (value: V) => C,
    mergeValue: (combined: C, value: V) => C,
    mergeCombiners: (a: C, b: C) => C,
    partitions?: number,
  ): Pairs<K, C> {
    const combiner = { create, mergeValue, mergeCombiners };
    return this.transform((rdd) => rdd.combineByKey(combiner, partitions ?? this.flow.graph.partitions));
  }

  /** In `n` partitions by key. */
  partitionBy<K, V>(this: Pairs<K, V>, n: number): Pairs<K, V> {
    return this.transform((rdd) => rdd.partitionBy(n));
  }

  repartition(n: number): DStream<T> {
    return this.transform((rdd) => rdd.repartition(n));
  }

  union(other: DStream<T>): DStream<T> {
    return this.transformWith((rdd, others) => rdd.union(others), other);
  }

  cogroup<K, V, W>(this: Pairs<K, V>, other: Pairs<K, W>, partitions?: number): Pairs<K, readonly [V[], W[]]> {
    const n = partitions ?? this.flow.graph.partitions;
    return this.transformWith((a, b: PairsRdd<K, W>) => a.cogroup(b, n), other);
  }

  join<K, V, W>(this: Pairs<K, V>, other: Pairs<K, W>, partitions?: number): Pairs<K, readonly [V, W]> {
    const n = partitions ?? this.flow.graph.partitions;
    return this.transformWith((a, b: PairsRdd<K, W>) => a.join(b, n), other);
  }

  leftOuterJoin<K, V, W>(this: Pairs<K, V>, other: Pairs<K, W>, partitions?: number): Pairs<K, readonly [V, W | null]> {
    const n = partitions ?? this.flow.graph.partitions;
    return this.transformWith((a, b: PairsRdd<K, W>) => a.leftOuterJoin(b, n), other);
  }

  rightOuterJoin<K, V, W>(
    this: Pairs<K, V>,
    other: Pairs<K, W>,
    partitions?: number,
  ): Pairs<K, readonly [V | null, W]> {
    const n = partitions ?? this.flow.graph.partitions;
    return this.transformWith((a, b: PairsRdd<K, W>) => a.rightOuterJoin(b, n), other);
  }

  fullOuterJoin<K, V, W>(
    this: Pairs<K, V>,
    other: Pairs<K, W>,
    partitions?: number,
  ): Pairs<K, readonly [V | null, W | null]> {
    const n = partitions ?? this.flow.graph.partitions;
    return this.transformWith((a, b: PairsRdd<K, W>) => a.fullOuterJoin(b, n), other);
  }

  /** Any function from a batch, and its time in ms, to a batch. */
  transform<U>(fn: (rdd: RDD<T>, time: number) => RDD<U>): DStream<U> {
    return new DStream(narrow.onBatches(this.flow, fn));
  }

  transformWith<U, R>(fn: (rdd: RDD<T>, other: RDD<U>, time: number) => RDD<R>, other: DStream<U>): DStream<R> {
    return new DStream(narrow.onBoth(this.flow, other.flow, fn));
  }

  /** The records of the last `lengthMs`, every `slideMs`. */
  window(lengthMs: number, slideMs?: number): DStream<T> {
    return new DStream(windows.window(this.flow, { lengthMs, slideMs }));
  }

  countByWindow(lengthMs: number, slideMs: number): DStream<number> {
    return this.map(() => 1).reduceByWindow(add, subtract, lengthMs, slideMs);
  }

  countByValueAndWindow(lengthMs: number, slideMs: number, partitions?: number): Pairs<T, number> {
    return this.map((record): KeyValue<T, number> => [record, 1])
      .reduceByKeyAndWindow(add, subtract, lengthMs, slideMs, { partitions })
      .filter(([, count]) => count > 0);
  }

  reduceByWindow(
    reduce: (a: T, b: T) => T,
    inverse: ((a: T, b: T) => T) | null,
    lengthMs: number,
    slideMs: number,
  ): DStream<T> {
    return this.map((record): KeyValue<number, T> => [1, record])
      .reduceByKeyAndWindow(reduce, inverse, lengthMs, slideMs, { partitions: 1 })
      .map(([, record]) => record);
  }

  groupByKeyAndWindow<K, V>(this: Pairs<K, V>, lengthMs: number, slideMs: number, partitions?: number): Pairs<K, V[]> {
    return this.mapValues((value) => [value]).reduceByKeyAndWindow(
      (a, b) => a.concat(b),
      (a, b) => a.slice(b.length),
      lengthMs,
      slideMs,
      { partitions },
    );
  }

  /** With an inverse, a window of 5 slides or more is the one before less what left it and plus what came: as PySpark does. */
  reduceByKeyAndWindow<K, V>(
    this: Pairs<K, V>,
    reduce: (a: V, b: V) => V,
    inverse: ((total: V, left: V) => V) | null,
    lengthMs: number,
    slideMs?: number,
    { partitions, filter }: { partitions?: number | undefined; filter?: (record: KeyValue<K, V>) => boolean } = {},
  ): Pairs<K, V> {
    const reduction = { reduce, inverse, filter, partitions: partitions ?? this.flow.graph.partitions };
    return new DStream(windows.reduceByKeyAndWindow(this.flow, { lengthMs, slideMs }, reduction));
  }

  updateStateByKey<K, V, S>(
    this: Pairs<K, V>,
    update: Update<V, S>,
    { initial = [], partitions }: { initial?: readonly KeyValue<K, S>[]; partitions?: number } = {},
  ): Pairs<K, S> {
    return new DStream(
      updateStateByKey(this.flow, update, { initial, partitions: partitions ?? this.flow.graph.partitions }),
    );
  }

  /**
   * Spark's `mapWithState` (Scala): `fn` is called for each record with the state of its key, and once more, without a value,
   * for keys that time out. What it returns are the records of the stream; undefined is none.
   */
  mapWithState<K, V, S, M>(
    this: Pairs<K, V>,
    fn: StateFunction<K, V, S, M>,
    { initial = [], partitions, timeoutMs = Infinity }: Partial<StateSpec<K, S>> = {},
  ): MapWithStateDStream<K, S, M> {
    const spec = { initial, timeoutMs, partitions: partitions ?? this.flow.graph.partitions };
    const { mapped, snapshots } = mapWithState(this.flow, fn, spec);
    return Object.assign(new DStream(mapped), { stateSnapshots: () => new DStream(snapshots) });
  }

  /** The kept batches of the times in [from, to], in ms since the Unix epoch; wants the context to `remember`. */
  slice(from: number, to: number): readonly RDD<T>[] {
    return slice(this.flow, from, to);
  }

  /** Records are computed once, whoever asks: there is nothing more to do. */
  cache(): this {
    return this;
  }

  /**
   * The output operation: called with every batch, an empty one too, in order; a promise it returns is awaited first.
   * `prepare` may be called before a batch's time with what the batch will be if nothing more comes. What it returns is then
   * called in place of `run`; where more comes, or much, or there is little to do, `run` is.
   */
  forEachBatch(run: RunOutput<T>, prepare?: PrepareOutput<T>): void {
    this.flow.graph.addOutput({ name: "forEachBatch", flow: this.flow, run, prepare });
  }

  /** Spark's own form of it. */
  foreachRDD(run: (rdd: RDD<T>, time: number) => unknown): void {
    this.#output("foreachRDD", ({ rdd, time }) => run(rdd, time));
  }

  /** Prints the first `num` records of every batch as PySpark does. */
  pprint(num: number = PPRINT_RECORDS): void {
    this.#output("pprint", (batch) => this.flow.graph.print(printed(batch, num)));
  }

  /** Writes each batch into a folder `prefix-<time>[.suffix]`, a file of lines for each partition, as `str` has them. */
  saveAsTextFiles(prefix: string, suffix: string = ""): void {
    this.#output("saveAsTextFiles", textFilesIn(this.flow.graph.files, { prefix, suffix }));
  }

  #output(name: string, run: RunOutput<T>): void {
    this.flow.graph.addOutput({ name, flow: this.flow, run });
  }
}

function subtract(a: number, b: number): number {
  return a - b;
}
