/** A discretized stream: what is done with the records of every interval. @module */

import { separatorOf, valueOf } from "./functions.ts";
import type { Flow, MicroBatch } from "./graph.ts";
import { reduceByKey } from "./pairs.ts";

/**
 * Spark's DStream. Operations without memory (`map`, `flatMap`, `filter`) run on each record as it comes; `reduceByKey`
 * folds as records come, so an interval costs its distinct keys and not its records.
 */
export class DStream<T> {
  readonly flow: Flow<T>;

  constructor(flow: Flow<T>) {
    this.flow = flow;
  }

  map<U>(fn: (record: T) => U): DStream<U> {
    const { graph, subscribe, origin } = this.flow;
    const value = valueOf(fn);
    return new DStream({
      graph,
      subscribe: (sink) => subscribe((record) => sink(fn(record))),
      origin: origin?.separator !== undefined && value !== undefined ? { ...origin, value } : undefined,
    });
  }

  flatMap<U>(fn: (record: T) => Iterable<U>): DStream<U> {
    const { graph, subscribe, origin } = this.flow;
    const separator = separatorOf(fn);
    return new DStream({
      graph,
      subscribe: (sink) =>
        subscribe((record) => {
          for (const made of fn(record)) sink(made);
        }),
      origin: origin !== undefined && separator !== undefined ? { input: origin.input, separator } : undefined,
    });
  }

  filter(keep: (record: T) => boolean): DStream<T> {
    const { graph, subscribe } = this.flow;
    return new DStream({
      graph,
      subscribe: (sink) =>
        subscribe((record) => {
          if (keep(record)) sink(record);
        }),
    });
  }

  /** Merges the values of each key of an interval. Keys come out in order of first appearance. */
  reduceByKey<K, V>(this: DStream<readonly [K, V]>, reduce: (a: V, b: V) => V): DStream<readonly [K, V]> {
    return new DStream(reduceByKey(this.flow, reduce));
  }

  /** The output operation: called with every batch, an empty one too, in order; a promise it returns is awaited first. */
  forEachBatch(run: (batch: MicroBatch<T>) => unknown): void {
    this.flow.graph.addOutput(this.flow.subscribe, run);
  }
}
