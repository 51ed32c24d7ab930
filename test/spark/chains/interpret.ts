/** Makes a chain's streams in Sluice, and runs them; interpret.py makes the same ones in PySpark. @module */

import { RDD, StreamingContext, pythonLiteral, type DStream } from "../../../src/engine/mod.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { COMBINE, FLAT, MAP, MERGE, PARTITION, TEST, UPDATE } from "./functions.ts";

const BATCH = 1000;

// Types are the generator's to keep: here a stream may be of anything.
// oxlint-disable-next-line typescript/no-explicit-any
type Any = any;
type Stream = DStream<Any>;
type Step = readonly [string, ...Any[]];

/** One operation; which parameters it has depends on which it is. Lengths and slides are in batches. */
interface Node {
  readonly op: string;
  /** The streams it is of: inputs first, then earlier nodes. */
  readonly of: readonly number[];
  readonly fn?: string;
  readonly n?: number;
  readonly length?: number;
  readonly slide?: number;
  readonly inverse?: string | null;
  readonly filter?: string | null;
  readonly initial?: readonly Any[];
  readonly steps?: readonly Step[];
}

/** As generate.py makes them. */
export interface Chain {
  readonly batches: number;
  readonly inputs: readonly (readonly Any[][])[];
  readonly nodes: readonly Node[];
  readonly outputs: readonly number[];
}

/** The records of each batch of one output; null: there was no batch. */
export type Batches = (readonly string[] | null)[];

const RDD_STEPS: Readonly<Record<string, (rdd: RDD<Any>, ...parameters: Any[]) => RDD<Any>>> = {
  map: (rdd, fn) => rdd.map(MAP[fn]!),
  filter: (rdd, fn) => rdd.filter(TEST[fn]!),
  mapValues: (rdd, fn) => rdd.mapValues(MAP[fn]!),
  mapPartitions: (rdd, fn) => rdd.mapPartitions(PARTITION[fn]!),
  partitionBy: (rdd, n) => rdd.partitionBy(n),
  reduceByKey: (rdd, fn, n) => rdd.reduceByKey(MERGE[fn]!, n),
  groupByKey: (rdd, n) => rdd.groupByKey(n),
  sortBy: (rdd, fn, n) => rdd.sortBy(MAP[fn]!, n),
  unionSelf: (rdd) => rdd.union(rdd),
  unionStatic: (rdd, records) => rdd.union(RDD.of(records)),
  unionEmpty: (rdd) => rdd.union(new RDD([])),
  empty: () => new RDD([]),
};

const RDD_PAIRS: Readonly<Record<string, (a: RDD<Any>, b: RDD<Any>, n: number) => RDD<Any>>> = {
  unionBack: (a, b) => b.union(a),
  joinBack: (a, b, n) => b.join(a, n),
  cogroup: (a, b, n) => a.cogroup(b, n),
};

const ONE: Readonly<Record<string, (stream: Stream, node: Node) => Stream>> = {
  map: (s, { fn }) => s.map(MAP[fn!]!),
  flatMap: (s, { fn }) => s.flatMap(FLAT[fn!]!),
  filter: (s, { fn }) => s.filter(TEST[fn!]!),
  mapPartitions: (s, { fn }) => s.mapPartitions(PARTITION[fn!]!),
  glom: (s) => s.glom().map((records) => Array.from(records)),
  mapValues: (s, { fn }) => s.mapValues(MAP[fn!]!),
  flatMapValues: (s, { fn }) => s.flatMapValues(FLAT[fn!]!),
  reduce: (s, { fn }) => s.reduce(MERGE[fn!]!),
  count: (s) => s.count(),
  countByValue: (s) => s.countByValue(),
  reduceByKey: (s, { fn, n }) => s.reduceByKey(MERGE[fn!]!, n),
  groupByKey: (s, { n }) => s.groupByKey(n),
  combineByKey: (s, { fn, n }) => {
    const { create, mergeValue, mergeCombiners } = COMBINE[fn!]!;
    return s.combineByKey(create, mergeValue, mergeCombiners, n);
  },
  partitionBy: (s, { n }) => s.partitionBy(n!),
  transform: (s, { steps }) =>
    s.transform((rdd) => steps!.reduce((made, [name, ...parameters]) => RDD_STEPS[name]!(made, ...parameters), rdd)),
  window: (s, { length, slide }) => s.window(length! * BATCH, slide! * BATCH),
  countByWindow: (s, { length, slide }) => s.countByWindow(length! * BATCH, slide! * BATCH),
  countByValueAndWindow: (s, { length, slide, n }) => s.countByValueAndWindow(length! * BATCH, slide! * BATCH, n),
  reduceByWindow: (s, { fn, inverse, length, slide }) =>
    s.reduceByWindow(MERGE[fn!]!, MERGE[inverse ?? ""] ?? null, length! * BATCH, slide! * BATCH),
  groupByKeyAndWindow: (s, { length, slide, n }) => s.groupByKeyAndWindow(length! * BATCH, slide! * BATCH, n),
  reduceByKeyAndWindow: (s, { fn, inverse, length, slide, n, filter }) =>
    s.reduceByKeyAndWindow(MERGE[fn!]!, MERGE[inverse ?? ""] ?? null, length! * BATCH, slide! * BATCH, {
      partitions: n,
      ...(filter && { filter: TEST[filter]! }),
    }),
  updateStateByKey: (s, { fn, n, initial }) =>
    s.updateStateByKey(UPDATE[fn!]!, { partitions: n!, initial: initial ?? [] }),
};

const TWO: Readonly<Record<string, (left: Stream, right: Stream, node: Node) => Stream>> = {
  union: (a, b) => a.union(b),
  join: (a, b, { n }) => a.join(b, n),
  leftOuterJoin: (a, b, { n }) => a.leftOuterJoin(b, n),
  rightOuterJoin: (a, b, { n }) => a.rightOuterJoin(b, n),
  fullOuterJoin: (a, b, { n }) => a.fullOuterJoin(b, n),
  cogroup: (a, b, { n }) => a.cogroup(b, n),
  transformWith: (a, b, { fn, n }) => a.transformWith((x, y: RDD<Any>) => RDD_PAIRS[fn!]!(x, y, n!), b),
};

/** What each output of a chain gives in each batch. */
export async function run({ batches, inputs, nodes, outputs }: Chain): Promise<Batches[]> {
  const clock = new ManualClock();
  const context = new StreamingContext({ batchInterval: BATCH, clock, partitions: 2 });
  const streams: Stream[] = inputs.map((lists) => context.queueStream(lists));
  for (const node of nodes) {
    const [left, right] = node.of.map((i) => streams[i]!);
    streams.push(right === undefined ? ONE[node.op]!(left!, node) : TWO[node.op]!(left!, right, node));
  }
  let start = 0;
  const seen = outputs.map((output) => {
    const records: Batches = Array.from({ length: batches }, () => null);
    streams[output]!.foreachRDD((rdd, time) => {
      records[(time - start) / BATCH] = rdd.collect().map((record) => pythonLiteral(record));
    });
    return records;
  });
  await context.start();
  start = context.nextBatchTime;
  await clock.advance(batches * BATCH);
  await context.stop();
  // Says why there are batches missing.
  await context.awaitTermination();
  return seen;
}
