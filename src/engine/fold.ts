/** `reduceByKey`, if it can be on records as they arrive: an interval then costs its distinct keys, not its records. @module */

import { decodeCounted, type Counted } from "./counted.ts";
import { CountedRDD, recordsOf } from "./counted_rdd.ts";
import { isAdd } from "./functions.ts";
import { begin, type Flow, type Peeked } from "./graph.ts";
import { Keyed } from "./keyed.ts";
import { onBatches } from "./narrow.ts";
import type { WordStep } from "./pure.ts";
import { RDD } from "./rdd.ts";
import { Recent } from "./recent.ts";
import { WordCount } from "./word_count.ts";

/** The records of counts of few words that somebody peeked at: of one batch before its time, of several inputs with the same. */
const fewFolded = new Recent<Counted, Folded<readonly [string, number]> & { readonly value: number }>(1024);

/** Merges the values of each key of an interval: as they come in where they can be had so, else when the batch is cut. */
export function reduceByKey<K, V>(
  flow: Flow<readonly [K, V]>,
  reduce: (a: V, b: V) => V,
  partitions: number,
): Flow<readonly [K, V]> {
  const fold = wordFold(flow, reduce) ?? changedFold(flow, reduce) ?? keyedFold(flow, reduce);
  if (fold === undefined) return onBatches(flow, (rdd) => rdd.reduceByKey(reduce, partitions));
  let others = 0;
  const rddOf = (records: readonly (readonly [K, V])[] | RDD<readonly [K, V]>): RDD<readonly [K, V]> => {
    const rdd = records instanceof RDD ? records : new RDD([records], partitions === 1);
    return partitions === 1 ? rdd : rdd.partitionBy(partitions);
  };
  const cut = (): RDD<readonly [K, V]> => {
    const { records, other } = fold.take();
    others = other;
    return rddOf(records);
  };
  const peek = (): Peeked<readonly [K, V]> | undefined => {
    const peeked = fold.peek?.();
    return peeked && { rdd: rddOf(peeked.records), otherRecords: peeked.other };
  };
  return { ...begin(flow.graph, cut, { connect: () => fold.connect(), takeOther: () => others }), peek };
}

/** Gathers the records of an interval, and counts those it has no room for. */
interface Fold<R> {
  connect(): void;
  take(): Folded<R>;
  /** What `take` gives if no more comes, its very records; undefined where that is better not asked. */
  peek?(): Folded<R> | undefined;
}

interface Folded<R> {
  readonly records: readonly R[] | RDD<R>;
  readonly other: number;
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
  const foldedOf = (counted: Counted, keep: boolean = false): Folded<readonly [string, number]> => {
    const known = fewFolded.get(counted);
    if (known?.value === value) return known;
    const made = { records: recordsOf(counted, value), other: counted.other, value };
    return keep ? fewFolded.set(counted, made) : made;
  };
  const fold: Fold<readonly [string, number]> = {
    connect: () => input.onWords(words),
    take() {
      const counted = words.take();
      if ("bytes" in counted) return { records: new CountedRDD(counted, value), other: counted.other };
      return foldedOf(counted);
    },
    peek() {
      const counted = words.peek();
      if (counted === undefined) return undefined;
      return foldedOf(counted, true);
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
      const taken = count.take();
      const { words: keys, counts, other } = "bytes" in taken ? decodeCounted(taken) : taken;
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
