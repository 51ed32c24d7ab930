/** The cases of record.py, in our operators: what of PySpark's run is held against ours. @module */

import type { DStream } from "../../src/engine/mod.ts";

/** The streams of a case; what they carry is for the case to know. */
interface Streams {
  readonly left: DStream<unknown>;
  readonly right: DStream<unknown>;
}

type Case = (streams: Streams) => DStream<unknown>;
type Pair<K, V> = readonly [K, V];

const SECOND = 1000;

const add = (a: number, b: number): number => a + b;
const subtract = (a: number, b: number): number => a - b;
const concat = (a: unknown, b: unknown): string => `${String(a)}${String(b)}`;
const bracketed = (a: string, b: string): string => `(${a} ${b})`;
const plus = (a: string, b: string): string => `(${a}+${b})`;
const minus = (a: string, b: string): string => `(${a}-${b})`;
const listed = (a: string, b: string): string => `${a},${b}`;
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

const words = (stream: DStream<unknown>): DStream<string> => stream as DStream<string>;
const numbers = (stream: DStream<unknown>): DStream<number> => stream as DStream<number>;
const values = (stream: DStream<unknown>): DStream<Pair<string, number>> => stream as DStream<Pair<string, number>>;
const texts = (stream: DStream<unknown>): DStream<Pair<string, string>> =>
  (stream as DStream<Pair<string, unknown>>).mapValues(String);
const ones = <T>(stream: DStream<T>): DStream<Pair<T, number>> => stream.map((record) => [record, 1]);
const counted = (stream: DStream<unknown>, partitions?: number): DStream<Pair<unknown, number>> =>
  ones(stream).reduceByKey(add, partitions);
const wordCount = (stream: DStream<unknown>, partitions?: number): DStream<Pair<string, number>> =>
  ones(words(stream).flatMap((line) => line.split(" "))).reduceByKey(add, partitions);
/** The partitions as tuples, one record each. */
const parts = (stream: DStream<unknown>): DStream<unknown[]> => stream.glom().map((records) => Array.from(records));
const size = (records: Iterable<unknown>): number[] => [[...records].length];
const running = (news: number[], total: number | undefined): number => news.reduce(add, total ?? 0);

const ONE_STREAM: Readonly<Record<string, Case>> = {
  "map: to upper case": ({ left }) => words(left).map((word) => word.toUpperCase()),
  "map: to pairs": ({ left }) => words(left).map((word) => [word, word.length]),
  "flatMap: split": ({ left }) => words(left).flatMap((line) => line.split(" ")),
  "flatMap: none and many": ({ left }) => numbers(left).flatMap(upTo),
  "filter: some": ({ left }) => words(left).filter((word) => word > "a"),
  "filter: none left": ({ left }) => left.filter(() => false),
  "mapPartitions: once a partition, an empty one too": ({ left }) => left.mapPartitions((all) => [[...all].join("-")]),
  "mapPartitions: of a reduceByKey": ({ left }) =>
    wordCount(left).mapPartitions((all) => [Array.from(all, ([word]) => word).join("-")]),
  "glom: of the input": ({ left }) => parts(left),
  "glom: after reduceByKey": ({ left }) => parts(counted(left)),
  "glom: after reduceByKey(3)": ({ left }) => parts(counted(left, 3)),
  "glom: after reduce": ({ left }) => parts(left.reduce(concat)),
  "glom: after count": ({ left }) => parts(left.count()),
  "glom: after map of reduceByKey": ({ left }) => parts(counted(left).map(([word]) => word)),
  "mapValues: keys and order stay": ({ left }) => values(left).mapValues((value) => -value),
  "flatMapValues: none and many": ({ left }) => values(left).flatMapValues((value) => upTo(value % 3)),
  "reduce: left to right": ({ left }) => left.reduce(concat),
  "reduce: an exhausted queue": ({ left }) => left.reduce(concat),
  "reduce: of one record": ({ left }) => numbers(left).reduce((a, b) => a * 100 + b),
  "count: an empty batch counts 0": ({ left }) => left.count(),
  "count: an exhausted queue counts 0": ({ left }) => left.count(),
  "count: then map": ({ left }) => left.count().map((n) => ["records", n]),
  "count: of a filter": ({ left }) =>
    words(left)
      .filter((word) => word > "b")
      .count(),
  "count: of a reduceByKey": ({ left }) => counted(left).count(),
  "countByValue: words": ({ left }) => left.countByValue(),
  "countByValue: numbers": ({ left }) => left.countByValue(),
  "countByValue: pairs": ({ left }) => left.countByValue(),
};

const KEYS: Readonly<Record<string, Case>> = {
  "reduceByKey: word count": ({ left }) => wordCount(left),
  "reduceByKey: 1 partition": ({ left }) => wordCount(left, 1),
  "reduceByKey: 4 partitions": ({ left }) => wordCount(left, 4),
  "reduceByKey: more than ten keys": ({ left }) => wordCount(left),
  "reduceByKey: 8 partitions, more than ten keys": ({ left }) => wordCount(left, 8),
  "reduceByKey: values merge left to right": ({ left }) => texts(left).reduceByKey(concat),
  "reduceByKey: the merge of several partitions": ({ left, right }) =>
    texts(left)
      .union(texts(right))
      .reduceByKey((a, b) => `(${a}${b})`),
  "reduceByKey: the empty word": ({ left }) => wordCount(left),
  "reduceByKey: unicode words": ({ left }) => wordCount(left),
  "reduceByKey: hostile words": ({ left }) => counted(left),
  "reduceByKey: hostile words, 7 partitions": ({ left }) => counted(left, 7),
  "reduceByKey: int keys": ({ left }) => counted(left),
  "reduceByKey: negative int keys, 3 partitions": ({ left }) => counted(left, 3),
  "reduceByKey: -1 hashes as -2": ({ left }) => counted(left),
  "reduceByKey: fraction keys, 3 partitions": ({ left }) => counted(left, 3),
  "reduceByKey: pair keys, 5 partitions": ({ left }) => counted(left, 5),
  "reduceByKey: a None key": ({ left }) => counted(left),
  "reduceByKey: boolean keys": ({ left }) => counted(left),
  "reduceByKey: True is 1, the first is kept": ({ left }) => parts(counted(left, 3)),
  "reduceByKey: True is 1 in pairs too": ({ left }) => counted(left, 3),
  "groupByKey: values in order": ({ left }) => tupled(values(left).groupByKey()),
  "groupByKey: 3 partitions": ({ left }) => parts(tupled(values(left).groupByKey(3))),
  "groupByKey: of two partitions": ({ left, right }) => tupled(values(left).union(values(right)).groupByKey()),
  "combineByKey: what is called when": ({ left, right }) =>
    texts(left)
      .union(texts(right))
      .combineByKey(
        (value) => `<${value}>`,
        (combined, value) => `${combined}+${value}`,
        (a, b) => `[${a}|${b}]`,
      ),
  "combineByKey: 1 partition": ({ left }) =>
    values(left).combineByKey(
      (value): Pair<number, number> => [value, 1],
      ([sum, n], value): Pair<number, number> => [sum + value, n + 1],
      (a, b): Pair<number, number> => [a[0] + b[0], a[1] + b[1]],
      1,
    ),
  "partitionBy: 3": ({ left }) => parts(values(left).partitionBy(3)),
  "partitionBy: order in a partition": ({ left }) => values(left).partitionBy(2),
  "partitionBy: of two partitions": ({ left, right }) => parts(values(left).union(values(right)).partitionBy(2)),
  "partitionBy: 100 records": ({ left }) => values(left).partitionBy(2),
  "chain: partitionBy(2), then reduceByKey": ({ left }) => values(left).partitionBy(2).reduceByKey(add),
  "chain: partitionBy(3), then reduceByKey": ({ left }) => parts(values(left).partitionBy(3).reduceByKey(add)),
  "chain: reduceByKey, map, reduceByKey": ({ left }) =>
    wordCount(left)
      .map(([word]): Pair<number, string> => [word.length, word])
      .reduceByKey(listed),
  "chain: reduceByKey, mapValues, reduceByKey": ({ left }) =>
    wordCount(left)
      .mapValues((n) => n * 10)
      .reduceByKey(add),
  "chain: reduceByKey(3), swap, groupByKey": ({ left }) =>
    tupled(
      wordCount(left, 3)
        .map(([word, n]): Pair<number, string> => [n, word])
        .groupByKey(),
    ),
  "chain: reduceByKey(4), reduce": ({ left }) =>
    wordCount(left, 4)
      .map(([word]) => word)
      .reduce(listed),
  "chain: countByValue, countByValue of counts": ({ left }) =>
    left
      .countByValue()
      .map(([, n]) => n)
      .countByValue(),
};

const TWO_STREAMS: Readonly<Record<string, Case>> = {
  "union: left, then right": ({ left, right }) => left.union(right),
  "union: partitions": ({ left, right }) => parts(left.union(right)),
  "union: of a reduceByKey": ({ left, right }) => parts(counted(left).union(ones(right))),
  "union: of two reduceByKey": ({ left, right }) => parts(counted(left).union(counted(right))),
  "union: with itself": ({ left }) => left.union(left),
  "union: then countByValue": ({ left, right }) => left.union(right).countByValue(),
  "union: of different queue lengths": ({ left, right }) => parts(left.union(right)),
  "union: then count": ({ left, right }) => left.union(right).count(),
  "union: then mapPartitions": ({ left, right }) => left.union(right).mapPartitions(size),
  "join: duplicate keys, empty sides": ({ left, right }) => values(left).join(values(right)),
  "join: 1 partition": ({ left, right }) => values(left).join(values(right), 1),
  "join: partitions of join(3)": ({ left, right }) => parts(values(left).join(values(right), 3)),
  "join: sides swapped": ({ left, right }) => values(right).join(values(left)),
  "join: with itself": ({ left }) => values(left).join(values(left)),
  "join: of two reduceByKey": ({ left, right }) => counted(left).join(counted(right)),
  "leftOuterJoin: None on the right": ({ left, right }) => values(left).leftOuterJoin(values(right)),
  "rightOuterJoin: None on the left": ({ left, right }) => values(left).rightOuterJoin(values(right)),
  "fullOuterJoin: None on either side": ({ left, right }) => values(left).fullOuterJoin(values(right)),
  "fullOuterJoin: 1 partition": ({ left, right }) => values(left).fullOuterJoin(values(right), 1),
  "fullOuterJoin: a None of one's own": ({ left, right }) => values(left).fullOuterJoin(values(right)),
  "cogroup: both sides": ({ left, right }) => tupledSides(values(left).cogroup(values(right))),
  "cogroup: partitions of cogroup(3)": ({ left, right }) => parts(tupledSides(values(left).cogroup(values(right), 3))),
  "chain: join, then reduceByKey": ({ left, right }) =>
    values(left)
      .join(values(right))
      .mapValues(([a, b]) => `${a}${b} `)
      .reduceByKey(concat),
  "transform: filter": ({ left }) => left.transform((rdd) => rdd.filter((word) => word !== "a")),
  "transform: map": ({ left }) => words(left).transform((rdd) => rdd.map((word) => word + word)),
  "transform: sortByKey": ({ left }) => sortedByKey(values(left)),
  "transform: sortByKey by code point, stable": ({ left }) => sortedByKey(values(left)),
  "transform: sortByKey of numbers": ({ left }) => sortedByKey(left as DStream<Pair<number, string>>),
  "transform: sortByKey after reduceByKey": ({ left }) => sortedByKey(wordCount(left)),
  "transform: sortBy(2), partitions": ({ left }) =>
    parts(values(left).transform((rdd) => rdd.sortBy(([key]) => key, 2))),
  "transform: sortBy(3), the last of its range": ({ left }) =>
    parts(numbers(left).transform((rdd) => rdd.sortBy((n) => n, 3))),
  "transform: sortBy(1) of two partitions": ({ left }) =>
    parts(
      values(left)
        .partitionBy(2)
        .transform((rdd) => rdd.sortBy(([, value]) => value, 1)),
    ),
  "transform: reduceByKey in it": ({ left }) => values(left).transform((rdd) => rdd.reduceByKey(add, 2)),
  "transform: union with itself": ({ left }) => parts(left.transform((rdd) => rdd.union(rdd))),
  "transformWith: union": ({ left, right }) => left.transformWith((a, b) => a.union(b), right),
  "transformWith: right first": ({ left, right }) =>
    words(left).transformWith((a, b) => b.union(a.map((word) => `${word}!`)), words(right)),
};

const reduced = (stream: DStream<unknown>, windowS: number, slideS?: number): DStream<unknown> =>
  values(stream).reduceByKeyAndWindow(add, null, windowS * SECOND, slideS && slideS * SECOND);
const undone = (stream: DStream<unknown>, windowS: number, slideS?: number): DStream<unknown> =>
  values(stream).reduceByKeyAndWindow(add, subtract, windowS * SECOND, slideS && slideS * SECOND);
const windowed = <T>(stream: DStream<T>, windowS: number, slideS?: number): DStream<T> =>
  stream.window(windowS * SECOND, slideS && slideS * SECOND);

const WINDOWS: Readonly<Record<string, Case>> = {
  "window: 3 by 1": ({ left }) => windowed(left, 3, 1),
  "window: without a slide": ({ left }) => windowed(left, 2),
  "window: 3 by 2": ({ left }) => windowed(left, 3, 2),
  "window: 2 by 2": ({ left }) => windowed(left, 2, 2),
  "window: 4 by 3": ({ left }) => windowed(left, 4, 3),
  "window: 1 by 3": ({ left }) => windowed(left, 1, 3),
  "window: partitions": ({ left }) => parts(windowed(left, 3, 1)),
  "window: of a window": ({ left }) => windowed(windowed(left, 2, 2), 4, 2),
  "window: of a reduceByKey": ({ left }) => parts(windowed(counted(left), 2, 1)),
  "chain: window, then reduceByKey": ({ left }) => counted(windowed(left, 3, 1)),
  "chain: window, then count": ({ left }) => windowed(left, 3, 1).count(),
  "chain: window by 2, then count": ({ left }) => windowed(left, 3, 2).count(),
  "chain: window, then mapPartitions": ({ left }) => windowed(left, 3, 1).mapPartitions(size),
  "chain: window, then reduce": ({ left }) => windowed(words(left), 3, 2).reduce(bracketed),
  "chain: join of windows": ({ left, right }) =>
    counted(windowed(left, 3, 1)).join(windowed(right as DStream<Pair<unknown, string>>, 2, 1)),
  "chain: reduceByKey of window by 2, union": ({ left, right }) => windowed(left, 2, 2).union(windowed(right, 4, 2)),
  "countByWindow: 3 by 1": ({ left }) => left.countByWindow(3 * SECOND, SECOND),
  "countByWindow: 4 by 2": ({ left }) => left.countByWindow(4 * SECOND, 2 * SECOND),
  "countByWindow: 5 by 1 (inverse: stays as 0)": ({ left }) => left.countByWindow(5 * SECOND, SECOND),
  "countByValueAndWindow: 3 by 1": ({ left }) => left.countByValueAndWindow(3 * SECOND, SECOND),
  "countByValueAndWindow: 5 by 1": ({ left }) => left.countByValueAndWindow(5 * SECOND, SECOND),
  "countByValueAndWindow: 6 by 2, 1 partition": ({ left }) => left.countByValueAndWindow(6 * SECOND, 2 * SECOND, 1),
  "reduceByWindow: no inverse": ({ left }) => words(left).reduceByWindow(bracketed, null, 3 * SECOND, SECOND),
  "reduceByWindow: inverse, 3 by 1": ({ left }) => numbers(left).reduceByWindow(add, subtract, 3 * SECOND, SECOND),
  "reduceByWindow: inverse, 5 by 1": ({ left }) => numbers(left).reduceByWindow(add, subtract, 5 * SECOND, SECOND),
  "groupByKeyAndWindow: 3 by 1": ({ left }) => tupled(values(left).groupByKeyAndWindow(3 * SECOND, SECOND)),
  "groupByKeyAndWindow: 5 by 1 (inverse: empty groups stay)": ({ left }) =>
    tupled(values(left).groupByKeyAndWindow(5 * SECOND, SECOND)),
  "groupByKeyAndWindow: 4 by 2, 1 partition": ({ left }) =>
    tupled(values(left).groupByKeyAndWindow(4 * SECOND, 2 * SECOND, 1)),
  "reduceByKeyAndWindow: no inverse": ({ left }) => reduced(left, 3, 1),
  "reduceByKeyAndWindow: no inverse, oldest first": ({ left }) =>
    texts(left).reduceByKeyAndWindow(bracketed, null, 4 * SECOND, 2 * SECOND),
  "reduceByKeyAndWindow: no inverse, no slide": ({ left }) => reduced(left, 2),
  "reduceByKeyAndWindow: no inverse, 5 by 1": ({ left }) => reduced(left, 5, 1),
  "reduceByKeyAndWindow: no inverse, 1 by 1": ({ left }) => reduced(left, 1, 1),
  "reduceByKeyAndWindow: no inverse, 3 partitions": ({ left }) =>
    parts(values(left).reduceByKeyAndWindow(add, null, 3 * SECOND, SECOND, { partitions: 3 })),
  "reduceByKeyAndWindow: inverse, 3 by 1": ({ left }) => undone(left, 3, 1),
  "reduceByKeyAndWindow: inverse, 4 by 1": ({ left }) => undone(left, 4, 1),
  "reduceByKeyAndWindow: inverse, 5 by 1 (zeros stay)": ({ left }) => undone(left, 5, 1),
  "reduceByKeyAndWindow: inverse, 6 by 1, no slide given": ({ left }) => undone(left, 6),
  "reduceByKeyAndWindow: inverse, 8 by 2 (below 5 slides)": ({ left }) => undone(left, 8, 2),
  "reduceByKeyAndWindow: inverse, 10 by 2 (5 slides)": ({ left }) => undone(left, 10, 2),
  "reduceByKeyAndWindow: inverse, 5 by 1, filtered": ({ left }) =>
    values(left).reduceByKeyAndWindow(add, subtract, 5 * SECOND, SECOND, { filter: ([, sum]) => sum > 0 }),
  "reduceByKeyAndWindow: inverse, 3 by 1, filtered": ({ left }) =>
    values(left).reduceByKeyAndWindow(add, subtract, 3 * SECOND, SECOND, { filter: ([, sum]) => sum > 5 }),
  "reduceByKeyAndWindow: no inverse: the filter is not used": ({ left }) =>
    values(left).reduceByKeyAndWindow(add, null, 3 * SECOND, SECOND, { filter: ([, sum]) => sum > 5 }),
  "reduceByKeyAndWindow: inverse, partitions": ({ left }) =>
    parts(values(left).reduceByKeyAndWindow(add, subtract, 5 * SECOND, SECOND, { partitions: 3 })),
  "reduceByKeyAndWindow: inverse, the calls": ({ left }) =>
    texts(left).reduceByKeyAndWindow(plus, minus, 5 * SECOND, SECOND),
  "reduceByKeyAndWindow: inverse, 10 by 2, the calls": ({ left }) =>
    texts(left).reduceByKeyAndWindow(plus, minus, 10 * SECOND, 2 * SECOND),
  "reduceByKeyAndWindow: inverse, None that left is not undone": ({ left }) =>
    values(left)
      .mapValues((value) => (value % 2 === 0 ? String(value) : null))
      .reduceByKeyAndWindow<string, string | null>(
        (a, b) => `(${a ?? "None"}+${b ?? "None"})`,
        (a, b) => `(${a ?? "None"}-${b ?? "None"})`,
        5 * SECOND,
        SECOND,
      ),
};

type Counts = DStream<Pair<unknown, number>>;

/** Each is united with counts in the same number of partitions. */
const KEPT: Readonly<Record<string, (counts: Counts) => DStream<Pair<unknown, unknown>>>> = {
  mapValues: (counts) => counts.mapValues(String),
  filter: (counts) => counts.filter(([word]) => word !== "b"),
  flatMapValues: (counts) => counts.flatMapValues(upTo),
  "map (lost)": (counts) => counts.map((record) => record),
  "flatMap (lost)": (counts) => counts.flatMap((record) => [record]),
  "mapPartitions (lost)": (counts) => counts.mapPartitions((records) => [...records]),
  partitionBy: (counts) => counts.partitionBy(2),
  groupByKey: (counts) => tupled(counts.groupByKey()),
  join: (counts) => counts.join(counts),
  cogroup: (counts) => counts.cogroup(counts).mapValues(([a, b]) => [[...a], [...b]]),
  updateStateByKey: (counts) => counts.updateStateByKey(running),
  window: (counts) => windowed(counts, 2, 1),
  reduceByKeyAndWindow: (counts) => counts.reduceByKeyAndWindow(add, subtract, 2 * SECOND, SECOND),
  "reduceByKeyAndWindow, undone": (counts) => counts.reduceByKeyAndWindow(add, subtract, 5 * SECOND, SECOND),
  "transform map (lost)": (counts) => counts.transform((rdd) => rdd.map((record) => record)),
  "transform mapValues, filter": (counts) => counts.transform((rdd) => rdd.mapValues(String).filter(() => true)),
};
const called = (stream: Counts, partitions?: number): DStream<unknown> =>
  stream.combineByKey(
    (n) => `<${n}>`,
    (combined, n) => `${combined}+${n}`,
    (a, b) => `[${a}|${b}]`,
    partitions,
  );

const PARTITIONERS: Readonly<Record<string, Case>> = {
  ...Object.fromEntries(
    Object.entries(KEPT).map(([name, then]): [string, Case] => [
      `partitioner: ${name}`,
      ({ left, right }) => parts(then(counted(left)).union(counted(right))),
    ]),
  ),
  "partitioner: of 2 and of 3": ({ left, right }) => parts(counted(left).union(counted(right, 3))),
  "partitioner: of 1 and of 1": ({ left, right }) => parts(counted(left, 1).union(counted(right, 1))),
  "partitioner: countByValue": ({ left, right }) => parts(left.countByValue().union(right.countByValue())),
  "partitioner: reduce (lost)": ({ left, right }) => parts(left.reduce(concat).union(right.reduce(concat))),
  "partitioner: with itself": ({ left }) => parts(counted(left).transform((rdd) => rdd.union(rdd))),
  "partitioner: of a union": ({ left, right }) => parts(counted(left).union(counted(right)).union(counted(left))),
  "partitioner: of a window's map (lost)": ({ left }) =>
    parts(
      windowed(
        counted(left).map((record) => record),
        2,
        1,
      ),
    ),
  "partitioner: combineByKey of a union, what is called when": ({ left, right }) =>
    called(counted(left).union(counted(right))),
  "partitioner: combineByKey of a window, what is called when": ({ left }) => called(windowed(counted(left), 3, 1)),
  "partitioner: combineByKey(3) of a window, what is called when": ({ left }) =>
    called(windowed(counted(left), 3, 1), 3),
};

const INITIAL: readonly Pair<unknown, number>[] = [
  ["zebra", 5],
  ["to", 10],
  ["or", 20],
  ["be", 7],
];
const totals = (stream: DStream<unknown>): DStream<Pair<unknown, number>> => ones(stream).updateStateByKey(running);

const STATE: Readonly<Record<string, Case>> = {
  "updateStateByKey: running count": ({ left }) => totals(left),
  "updateStateByKey: 1 partition": ({ left }) => ones(left).updateStateByKey(running, { partitions: 1 }),
  "updateStateByKey: partitions of 3": ({ left }) => parts(ones(left).updateStateByKey(running, { partitions: 3 })),
  "updateStateByKey: an empty first batch": ({ left }) => totals(left),
  "updateStateByKey: called for every known key": ({ left }) =>
    ones(left).updateStateByKey((news, calls: string | undefined) => `${calls ?? ""}[${news.length}]`),
  "updateStateByKey: values in order": ({ left }) =>
    values(left).updateStateByKey((news, old: string | undefined) => {
      const tuple = news.length === 1 ? `(${news[0]},)` : `(${news.join(", ")})`;
      return `${old ?? "None"}${tuple}`;
    }),
  "updateStateByKey: None deletes, a new one goes last": ({ left }) =>
    ones(left).updateStateByKey<unknown, number, number>((news) => (news.length > 0 ? running(news, 0) : undefined)),
  "updateStateByKey: a value that is None deletes": ({ left }) =>
    values(left).updateStateByKey((news, old: number | undefined) => (news.length > 0 ? news.at(-1) : old)),
  "updateStateByKey: 0 does not delete": ({ left }) => values(left).updateStateByKey(running),
  "updateStateByKey: None at once makes no state": ({ left }) =>
    ones(left).updateStateByKey<unknown, number, number>((news, old) => (news.length > 1 ? news.length : old)),
  "updateStateByKey: initial state": ({ left }) => ones(left).updateStateByKey(running, { initial: INITIAL }),
  "updateStateByKey: initial state, 1 partition": ({ left }) =>
    ones(left).updateStateByKey(running, { initial: INITIAL, partitions: 1 }),
  "updateStateByKey: initial state, an empty first batch": ({ left }) => {
    const initial: readonly Pair<unknown, number>[] = [
      ["b", 5],
      ["a", 10],
      ["hello", 1],
    ];
    return ones(left).updateStateByKey(running, { initial });
  },
  "updateStateByKey: of a window": ({ left }) => totals(windowed(left, 2, 2)),
  "chain: reduceByKey, updateStateByKey, filter": ({ left }) =>
    counted(left)
      .updateStateByKey(running)
      .filter(([, n]) => n > 1),
  "chain: updateStateByKey, map, reduceByKey": ({ left }) =>
    totals(left)
      .map(([word, n]): Pair<number, string> => [n, String(word)])
      .reduceByKey(listed),
  "chain: updateStateByKey, join": ({ left }) => totals(left).join(counted(left)),
  "chain: updateStateByKey, window": ({ left }) => windowed(totals(left), 2, 2),
  "chain: updateStateByKey, then count": ({ left }) => totals(left).count(),
};

const PRINTING: Readonly<Record<string, Case>> = {
  "repr: hostile words": ({ left }) => left,
  "repr: hostile words in pairs": ({ left }) => left.map((word) => [[word], [word, word]]),
  "repr: numbers": ({ left }) => left,
  "repr: sums of fractions": ({ left }) => values(left).reduceByKey(add),
  "repr: not numbers": ({ left }) =>
    words(left).map((word) => Number(word.replace("inf", "Infinity").replace("nan", "NaN"))),
  "repr: None and booleans": ({ left }) => left,
  "repr: nested tuples": ({ left }) => left,
  "repr: averages": ({ left }) => values(left).mapValues((value) => value / 4 + 0.1),
};

/** Each name with what makes the stream. */
export const CASES: Readonly<Record<string, Case>> = {
  ...ONE_STREAM,
  ...KEYS,
  ...TWO_STREAMS,
  ...PARTITIONERS,
  ...WINDOWS,
  ...STATE,
  ...PRINTING,
};

function tupled<K, V>(stream: DStream<Pair<K, V[]>>): DStream<Pair<K, V[]>> {
  return stream.mapValues((group) => [...group]);
}

function tupledSides<K, V, W>(stream: DStream<Pair<K, readonly [V[], W[]]>>): DStream<unknown> {
  return stream.mapValues(([left, right]) => [[...left], [...right]]);
}

function sortedByKey<K extends number | string, V>(stream: DStream<Pair<K, V>>): DStream<unknown> {
  return stream.transform((rdd) => rdd.sortBy(([key]) => key));
}
