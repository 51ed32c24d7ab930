/** The programs of programs.py in our operators: what of PySpark's run is held against ours. @module */

import { add, pair, pyList, split, RDD, type DStream } from "../../../src/mod.ts";

/** What a program works with. */
interface Streams {
  readonly left: DStream<string>;
  /** Programs of two streams are in cases of two scripts only. */
  readonly right: DStream<string>;
  /** The interval in ms. */
  readonly batch: number;
}

/** Gives the stream that is recorded; or nothing, when it prints. */
type Program = (streams: Streams) => DStream<unknown> | void;
type Pair<K, V> = readonly [K, V];

const subtract = (a: number, b: number): number => a - b;
const bracketed = (a: string, b: string): string => `(${a} ${b})`;
const running = (news: number[], total: number | undefined): number => news.reduce(add, total ?? 0);
const codePoints = (text: string): string[] => Array.from(text);

const words = (stream: DStream<string>): DStream<string> => stream.flatMap(split(" "));
const ones = (stream: DStream<string>): DStream<Pair<string, number>> => words(stream).map(pair(1));
const counts = (stream: DStream<string>): DStream<Pair<string, number>> => ones(stream).reduceByKey(add);
/** `k v` as a pair of `k` and `v`. */
const keyed = (stream: DStream<string>): DStream<Pair<string, string>> =>
  stream.map((line) => {
    const [key = "", value = ""] = line.split(" ", 2);
    return [key, value];
  });
/** The partitions as tuples, one record each. */
const parts = <T>(stream: DStream<T>): DStream<unknown> => stream.glom().map((records) => Array.from(records));
const tupled = <K, V>(stream: DStream<Pair<K, V[]>>): DStream<unknown> => stream.mapValues((group) => [...group]);
const tupledSides = <K, V, W>(stream: DStream<Pair<K, readonly [V[], W[]]>>): DStream<unknown> =>
  stream.mapValues(([left, right]) => [[...left], [...right]]);

const ONE_BATCH: Readonly<Record<string, Program>> = {
  lines: ({ left }) => left,
  lengths: ({ left }) =>
    left.map((line) => {
      const characters = codePoints(line);
      return [characters.length, characters.slice(0, 3).join(""), characters.slice(-3).join("")];
    }),
  words: ({ left }) => words(left),
  "word count": ({ left }) => counts(left),
  "word count in one's own functions": ({ left }) =>
    left
      .flatMap((line) => line.split(" "))
      .map((word): Pair<string, number> => [word.toUpperCase(), 1])
      .reduceByKey((a, b) => a + b),
  "word count, 3 partitions": ({ left }) => parts(ones(left).reduceByKey(add, 3)),
  "filter, map": ({ left }) =>
    left.filter((line) => line.includes("e")).map((line) => codePoints(line).toReversed().join("")),
  count: ({ left }) => left.count(),
  "count of a filter": ({ left }) => left.filter((line) => line.includes("e")).count(),
  countByValue: ({ left }) => words(left).countByValue(),
  reduce: ({ left }) => left.reduce(bracketed),
  partitions: ({ left }) => parts(left),
  mapPartitions: ({ left }) => left.mapPartitions((lines) => [[...lines].length]),
  "partitions of a word count": ({ left }) => parts(counts(left)),
  "partitions of a count": ({ left }) => parts(left.count()),
  groupByKey: ({ left }) => tupled(keyed(left).groupByKey()),
  partitionBy: ({ left }) => parts(keyed(left).partitionBy(3)),
  combineByKey: ({ left }) =>
    keyed(left).combineByKey(
      (value) => `<${value}>`,
      (combined, value) => `${combined}+${value}`,
      (a, b) => `[${a}|${b}]`,
    ),
  "word count, then by count": ({ left }) =>
    tupled(
      counts(left)
        .map(([word, n]): Pair<number, string> => [n, word])
        .groupByKey(),
    ),
};

const ALWAYS = RDD.of(["always", "here"]);
const KNOWN = RDD.of<Pair<string, string>>([
  ["a", "first"],
  ["k", "eleventh"],
  ["a", "again"],
]);

const TWO_STREAMS: Readonly<Record<string, Program>> = {
  union: ({ left, right }) => left.union(right),
  "partitions of a union": ({ left, right }) => parts(left.union(right)),
  "count of a union": ({ left, right }) => left.union(right).count(),
  "word count of a union": ({ left, right }) => counts(left.union(right)),
  "union of word counts": ({ left, right }) => parts(counts(left).union(counts(right))),
  join: ({ left, right }) => keyed(left).join(keyed(right)),
  leftOuterJoin: ({ left, right }) => keyed(left).leftOuterJoin(keyed(right)),
  rightOuterJoin: ({ left, right }) => keyed(left).rightOuterJoin(keyed(right)),
  fullOuterJoin: ({ left, right }) => keyed(left).fullOuterJoin(keyed(right)),
  cogroup: ({ left, right }) => tupledSides(keyed(left).cogroup(keyed(right))),
  "join of word counts": ({ left, right }) => counts(left).join(counts(right)),
  transformWith: ({ left, right }) => left.transformWith((a, b) => b.union(a).map((line) => line), right),
  "transform: join of a list": ({ left }) => keyed(left).transform((rdd) => rdd.join(KNOWN, 2)),
  "transform: union of a list": ({ left }) => parts(left.transform((rdd) => rdd.union(ALWAYS))),
  "transform: sortByKey": ({ left }) => counts(left).transform((rdd) => rdd.sortBy(([word]) => word)),
};

/** A window in batches. */
type Size = readonly [length: number, slide: number];

const undone =
  ([length, slide]: Size): Program =>
  ({ left, batch }) =>
    ones(left).reduceByKeyAndWindow(add, subtract, length * batch, slide * batch);
const SIZES: readonly Size[] = [
  [3, 1],
  [4, 1],
  [5, 1],
  [6, 1],
  [6, 2],
  [8, 2],
  [10, 2],
];

const WINDOWS: Readonly<Record<string, Program>> = {
  "window 3 by 1": ({ left, batch }) => left.window(3 * batch, batch),
  "window 2 by 2": ({ left, batch }) => left.window(2 * batch, 2 * batch),
  "window 4 by 2": ({ left, batch }) => left.window(4 * batch, 2 * batch),
  "window 1 by 2": ({ left, batch }) => left.window(batch, 2 * batch),
  "partitions of window 3": ({ left, batch }) => parts(left.window(3 * batch)),
  "count of window 2": ({ left, batch }) => left.window(2 * batch).count(),
  "word count of window 3": ({ left, batch }) => counts(left.window(3 * batch)),
  "countByWindow 3 by 1": ({ left, batch }) => left.countByWindow(3 * batch, batch),
  "countByWindow 5 by 1": ({ left, batch }) => left.countByWindow(5 * batch, batch),
  "countByValueAndWindow 3 by 1": ({ left, batch }) => words(left).countByValueAndWindow(3 * batch, batch),
  "countByValueAndWindow 5 by 1": ({ left, batch }) => words(left).countByValueAndWindow(5 * batch, batch),
  "reduceByWindow 3 by 1": ({ left, batch }) => left.reduceByWindow(bracketed, null, 3 * batch, batch),
  "reduceByWindow 5 by 1, undone": ({ left, batch }) =>
    left.map((line) => line.length).reduceByWindow(add, subtract, 5 * batch, batch),
  "groupByKeyAndWindow 3 by 1": ({ left, batch }) => tupled(keyed(left).groupByKeyAndWindow(3 * batch, batch)),
  "groupByKeyAndWindow 5 by 1": ({ left, batch }) => tupled(keyed(left).groupByKeyAndWindow(5 * batch, batch)),
  ...Object.fromEntries(SIZES.map((size) => [`reduceByKeyAndWindow ${size.join(" by ")}, undone`, undone(size)])),
  "reduceByKeyAndWindow 3 by 1": ({ left, batch }) => ones(left).reduceByKeyAndWindow(add, null, 3 * batch, batch),
  "reduceByKeyAndWindow 5 by 1, undone and filtered": ({ left, batch }) =>
    ones(left).reduceByKeyAndWindow(add, subtract, 5 * batch, batch, { filter: ([, n]) => n > 0 }),
  "join of windows": ({ left, right, batch }) => counts(left.window(2 * batch)).join(counts(right.window(3 * batch))),
};

const STATE: Readonly<Record<string, Program>> = {
  updateStateByKey: ({ left }) => ones(left).updateStateByKey(running),
  "updateStateByKey: None deletes": ({ left }) =>
    ones(left).updateStateByKey<string, number, number>((news) => (news.length > 0 ? running(news, 0) : undefined)),
  "updateStateByKey: every call": ({ left }) =>
    ones(left).updateStateByKey((news, calls: string | undefined) => `${calls ?? ""}[${news.length}]`),
  "updateStateByKey of a word count": ({ left }) => counts(left).updateStateByKey(running),
};

const VALUES = (line: string): unknown[] => [
  ...[null, true, [null], [], pyList([]), pyList([line]), pyList([[line, pyList([1])]]), line.length, -line.length],
  ...[line.length / 4 + 0.1, 1e-7, 2 ** 53 - 1, "two\nlines", "tab\there", "", ["two\nlines"], ["", " "]],
  ...[
    [
      [line, 1],
      [line, [2]],
    ],
    Infinity,
  ],
];

const PRINTING: Readonly<Record<string, Program>> = {
  "pprint: lines": ({ left }) => left.pprint(),
  "pprint: word count": ({ left }) => counts(left).pprint(),
  "pprint: count": ({ left }) => left.count().pprint(),
  "pprint: partitions": ({ left }) => left.glom().pprint(),
  "pprint(3)": ({ left }) => counts(left).pprint(3),
  "pprint(0)": ({ left }) => left.pprint(0),
  "pprint(1), pprint(2)": ({ left }) => {
    left.pprint(1);
    left.pprint(2);
  },
  "pprint: window 2 by 2": ({ left, batch }) => counts(left.window(2 * batch, 2 * batch)).pprint(),
  "pprint: updateStateByKey": ({ left }) => ones(left).updateStateByKey(running).pprint(),
  "pprint: fullOuterJoin": ({ left, right }) => keyed(left).fullOuterJoin(keyed(right)).pprint(),
  "pprint: values": ({ left }) => left.flatMap(VALUES).pprint(20),
  "pprint: several": ({ left }) => {
    const counted = counts(left);
    left.pprint();
    counted.pprint();
    counted
      .filter(([, n]) => n > 1)
      .map(([word]) => word)
      .pprint();
  },
  "pprint: of two sockets": ({ left, right }) => {
    counts(right).pprint();
    left.pprint(2);
    left.union(right).count().pprint();
  },
};

/** Each name with what makes, or prints, the stream. */
export const PROGRAMS: Readonly<Record<string, Program>> = {
  ...ONE_BATCH,
  ...TWO_STREAMS,
  ...WINDOWS,
  ...STATE,
  ...PRINTING,
};
