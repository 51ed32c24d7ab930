/** Operations on single records and on partitions: nothing is held from one batch to the next. @module */

import { derive, type Flow } from "./graph.ts";
import { filtered, flatMapped, mapped } from "./origins.ts";
import type { RDD } from "./rdd.ts";

export function map<T, U>(flow: Flow<T>, fn: (record: T) => U): Flow<U> {
  return {
    ...onBatches(flow, (rdd) => rdd.map(fn)),
    subscribe: flow.subscribe && ((sink, fail) => flow.subscribe?.((record) => sink(fn(record)), fail)),
    origin: mapped(flow.origin, fn),
  };
}

export function flatMap<T, U>(flow: Flow<T>, fn: (record: T) => Iterable<U>): Flow<U> {
  return {
    ...onBatches(flow, (rdd) => rdd.flatMap(fn)),
    subscribe:
      flow.subscribe &&
      ((sink, fail) =>
        flow.subscribe?.((record) => {
          for (const made of fn(record)) sink(made);
        }, fail)),
    origin: flatMapped(flow.origin, fn),
  };
}

/** Keys stay as they are, and so in their partitions. */
export function flatMapValues<K, V, W>(
  flow: Flow<readonly [K, V]>,
  fn: (value: V) => Iterable<W>,
): Flow<readonly [K, W]> {
  const records = flatMap(flow, ([key, value]) => Array.from(fn(value), (made): readonly [K, W] => [key, made]));
  return { ...records, ...onBatches(flow, (rdd) => rdd.flatMapValues(fn)) };
}

export function filter<T>(flow: Flow<T>, keep: (record: T) => boolean): Flow<T> {
  return {
    ...onBatches(flow, (rdd) => rdd.filter(keep)),
    subscribe:
      flow.subscribe &&
      ((sink, fail) =>
        flow.subscribe?.((record) => {
          if (keep(record)) sink(record);
        }, fail)),
    origin: filtered(flow.origin, keep),
  };
}

/** Any function from a batch, and its time, to a batch. */
export function onBatches<T, U>(flow: Flow<T>, fn: (rdd: RDD<T>, time: number) => RDD<U>): Flow<U> {
  return derive({ parents: [flow], rdd: (time) => fn(flow.rdd(time), time) });
}

/** Any function of the batches of two streams that have their batches at the same times. */
export function onBoth<T, U, R>(
  left: Flow<T>,
  right: Flow<U>,
  fn: (left: RDD<T>, right: RDD<U>, time: number) => RDD<R>,
): Flow<R> {
  mustMeet([left, right]);
  return derive({ parents: [left, right], rdd: (time) => fn(left.rdd(time), right.rdd(time), time) });
}

/** The same of several streams of one kind. */
export function onAll<T, U>(
  flows: readonly [Flow<T>, ...Flow<T>[]],
  fn: (rdds: readonly RDD<T>[], time: number) => RDD<U>,
): Flow<U> {
  mustMeet(flows);
  const rdd = (time: number): RDD<U> =>
    fn(
      flows.map((flow) => flow.rdd(time)),
      time,
    );
  return derive({ parents: flows, rdd });
}

function mustMeet([first, ...others]: readonly [Flow<unknown>, ...Flow<unknown>[]]): void {
  for (const { slideMs } of others) {
    if (slideMs === first.slideMs) continue;
    const message = `Cannot combine streams whose slides are ${first.slideMs} ms and ${slideMs} ms`;
    throw new RangeError(`${message}: the same slide duration is wanted`);
  }
}
