/** `reduceByKey`, if it can be on records as they arrive: an interval then costs its distinct keys, not its records. @module */

import { WordCounter, type CounterLimits } from "./counter.ts";
import { add } from "./functions.ts";
import type { Flow } from "./graph.ts";
import { Keyed } from "./keyed.ts";
import { onBatches } from "./narrow.ts";
import { RDD } from "./rdd.ts";

/** Merges the values of each key of an interval: as they come in where they can be had so, else when the batch is cut. */
export function reduceByKey<K, V>(
  flow: Flow<readonly [K, V]>,
  reduce: (a: V, b: V) => V,
  partitions: number,
): Flow<readonly [K, V]> {
  const fold = wordFold(flow, reduce) ?? keyedFold(flow, reduce);
  if (fold === undefined) return onBatches(flow, (rdd) => rdd.reduceByKey(reduce, partitions));
  let opened = false;
  let current = new RDD<readonly [K, V]>([]);
  return {
    graph: flow.graph,
    slideMs: flow.slideMs,
    open() {
      if (opened) return;
      opened = true;
      fold.connect();
      const cut = (): void => {
        current = new RDD([fold.take()], partitions === 1).partitionBy(partitions);
      };
      flow.graph.addStage({ cut, takeOther: () => fold.takeOther() });
    },
    rdd: () => current,
  };
}

/** Gathers the records of an interval. */
interface Fold<R> {
  connect(): void;
  takeOther(): number;
  take(): readonly R[];
}

function keyedFold<K, V>(flow: Flow<readonly [K, V]>, reduce: (a: V, b: V) => V): Fold<readonly [K, V]> | undefined {
  const { subscribe } = flow;
  if (subscribe === undefined) return undefined;
  const { maxWords }: CounterLimits = flow.graph.limits;
  const how = { create: (value: V) => value, merge: reduce };
  let folded = new Keyed<K, V>();
  let other = 0;
  return {
    connect: () =>
      // Not `[key, value]`: taking an array apart so costs an iterator for every record.
      subscribe((record) => {
        const key = record[0];
        if (folded.size < maxWords || folded.has(key)) folded.merge(key, record[1], how);
        else other++;
      }),
    take() {
      const { entries } = folded;
      folded = new Keyed();
      return entries;
    },
    takeOther() {
      const taken = other;
      other = 0;
      return taken;
    },
  };
}

/** The byte path, or undefined where the chain is not split (on one ASCII character), pair, add. */
function wordFold<K, V>(
  { origin, graph }: Flow<readonly [K, V]>,
  reduce: (a: V, b: V) => V,
): Fold<readonly [K, V]> | undefined {
  if (origin?.separator === undefined || !Number.isSafeInteger(origin.value)) return undefined;
  const { input, separator, value = 1 } = origin;
  if ((reduce as unknown) !== add || separator.length !== 1 || separator.charCodeAt(0) > 0x7f) return undefined;
  const counter = new WordCounter(separator.charCodeAt(0), graph.limits);
  let other = 0;
  const fold: Fold<readonly [string, number]> = {
    connect: () => input.onBytes(counter),
    take() {
      const counted = counter.take();
      other += counted.other;
      return counted.words.map((word, i) => [word, (counted.counts[i] ?? 0) * value]);
    },
    takeOther() {
      const taken = other;
      other = 0;
      return taken;
    },
  };
  // The chain was recognised: its keys are words and its values numbers.
  return fold as unknown as Fold<readonly [K, V]>;
}
