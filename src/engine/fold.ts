/** `reduceByKey`, if it can be on records as they arrive: an interval then costs its distinct keys, not its records. @module */

import { isAdd } from "./functions.ts";
import { begin, type Flow } from "./graph.ts";
import { Keyed } from "./keyed.ts";
import { onBatches } from "./narrow.ts";
import type { WordStep } from "./pure.ts";
import { RDD } from "./rdd.ts";
import { WordCount } from "./word_count.ts";

/** Merges the values of each key of an interval: as they come in where they can be had so, else when the batch is cut. */
export function reduceByKey<K, V>(
  flow: Flow<readonly [K, V]>,
  reduce: (a: V, b: V) => V,
  partitions: number,
): Flow<readonly [K, V]> {
  const fold = wordFold(flow, reduce) ?? changedFold(flow, reduce) ?? keyedFold(flow, reduce);
  if (fold === undefined) return onBatches(flow, (rdd) => rdd.reduceByKey(reduce, partitions));
  const cut = (): RDD<readonly [K, V]> => {
    const { records, other } = fold.take();
    others = other;
    return new RDD([records], partitions === 1).partitionBy(partitions);
  };
  let others = 0;
  return begin(flow.graph, cut, { connect: () => fold.connect(), takeOther: () => others });
}

/** Gathers the records of an interval, and counts those it has no room for. */
interface Fold<R> {
  connect(): void;
  take(): { readonly records: readonly R[]; readonly other: number };
}

function keyedFold<K, V>(flow: Flow<readonly [K, V]>, reduce: (a: V, b: V) => V): Fold<readonly [K, V]> | undefined {
  const { subscribe } = flow;
  if (subscribe === undefined) return undefined;
  const { maxWords } = flow.graph.limits;
  const how = { create: (value: V) => value, merge: reduce };
  let folded = new Keyed<K, V>(owned);
  let other = 0;
  /** A batch that lacks a record is not given out. */
  let failed: { readonly failure: unknown } | undefined;
  return {
    connect: () =>
      // Not `[key, value]`: taking an array apart so costs an iterator for every record.
      subscribe(
        (record) => {
          const key = record[0];
          if (folded.size < maxWords || folded.has(key)) folded.merge(key, record[1], how);
          else other++;
        },
        (failure) => {
          failed ??= { failure };
        },
      ),
    take() {
      const taken = { records: folded.entries, other };
      const wrong = failed;
      folded = new Keyed(owned);
      other = 0;
      failed = undefined;
      if (wrong !== undefined) throw wrong.failure;
      return taken;
    },
  };
}

/** Engines cut a string of so many units without a copy: it keeps what it was cut from in memory. */
const CUT_WITHOUT_COPY = 13;

/** A key as a string of its own. */
function owned<K>(key: K): K {
  if (typeof key !== "string" || key.length < CUT_WITHOUT_COPY) return key;
  return ` ${key}`.slice(1) as K & string;
}

/** The byte path, or undefined where the chain is not split, pair, add. */
function wordFold<K, V>(
  { origin, graph }: Flow<readonly [K, V]>,
  reduce: (a: V, b: V) => V,
): Fold<readonly [K, V]> | undefined {
  if (origin?.separator === undefined || !Number.isSafeInteger(origin.value)) return undefined;
  const { input, separator, value = 1 } = origin;
  if (!isAdd(reduce) || !isOfBytes(separator)) return undefined;
  const words = new WordCount(separator, graph.limits);
  const fold: Fold<readonly [string, number]> = {
    connect: () => input.onWords(words),
    take() {
      const { words: keys, counts, other } = words.take();
      return { records: keys.map((word, i) => [word, (counts[i] ?? 0) * value]), other };
    },
  };
  // The chain was recognised: its keys are words and its values numbers.
  return fold as unknown as Fold<readonly [K, V]>;
}

/** The same where words are changed or left out by functions that may be called once for each distinct one. */
function changedFold<K, V>(
  { origin, graph }: Flow<readonly [K, V]>,
  reduce: (a: V, b: V) => V,
): Fold<readonly [K, V]> | undefined {
  if (origin?.words === undefined || !Number.isSafeInteger(origin.value) || !isAdd(reduce)) return undefined;
  const { input, words, value = 1 } = origin;
  // A bound is on words as they come out.
  if (graph.limits.maxWords !== Infinity || !isOfBytes(words.separator)) return undefined;
  const count = new WordCount(words.separator, graph.limits);
  const fold: Fold<readonly [string, number]> = {
    connect: () => input.onWords(count),
    take() {
      const { words: keys, counts, other } = count.take();
      return { records: changed(keys, (i) => (counts[i] ?? 0) * value, words.steps), other };
    },
  };
  return fold as unknown as Fold<readonly [K, V]>;
}

/** Words that became one appeared first where the first of them did: the order is kept. */
function changed(
  words: readonly string[],
  valueOf: (i: number) => number,
  steps: readonly WordStep[],
): (readonly [string, number])[] {
  const sums = new Map<string, number>();
  words.forEach((word, i) => {
    let made: readonly string[] = [word];
    for (const step of steps) made = made.flatMap(step);
    for (const each of made) sums.set(each, (sums.get(each) ?? 0) + valueOf(i));
  });
  return [...sums];
}

/** Whether a text is where its bytes are, and nowhere else: not half a pair, and not what stands for invalid bytes. */
function isOfBytes(separator: string): boolean {
  return separator.isWellFormed() && !separator.includes("\uFFFD");
}
