import { expectTypeOf, test } from "vitest";
import { add, pair, split, StreamingContext, type DStream } from "../../src/engine/mod.ts";
import { HandReceiver } from "../support/bytes.ts";

const context = new StreamingContext({ batchInterval: 1000 });
const lines = context.lines(new HandReceiver());
const counts = lines.flatMap(split(" ")).map(pair(1)).reduceByKey(add);

type Counts = DStream<readonly [string, number]>;

test("types are inferred through the chain, of the engine's functions and of a user's", () => {
  expectTypeOf(counts).toEqualTypeOf<Counts>();
  const own = lines
    .flatMap((line) => line.split(" "))
    .map((word): [string, number] => [word, 1])
    .reduceByKey((a, b) => a + b);
  expectTypeOf(own).toEqualTypeOf<Counts>();
  expectTypeOf(counts.map(([word]) => word.length)).toEqualTypeOf<DStream<number>>();
  expectTypeOf(counts.window(5000).groupByKey()).toEqualTypeOf<DStream<readonly [string, number[]]>>();
  expectTypeOf(counts.leftOuterJoin(counts.mapValues(String))).toEqualTypeOf<
    DStream<readonly [string, readonly [number, string | null]]>
  >();
  expectTypeOf(
    counts.updateStateByKey((values: number[], old: Date | undefined) => old ?? new Date(values.length)),
  ).toEqualTypeOf<DStream<readonly [string, Date]>>();
});

test("operations on pairs are for streams of pairs only", () => {
  expectTypeOf(lines.map((line) => [line, 1] as const).reduceByKey(add)).toEqualTypeOf<Counts>();
  // @ts-expect-error lines are no pairs
  lines.reduceByKey(add);
  // @ts-expect-error lines are no pairs
  lines.groupByKey();
  // @ts-expect-error the keys differ in type
  counts.join(counts.map(([word, count]): [number, string] => [count, word]));
  // @ts-expect-error the values are numbers
  counts.reduceByKey((a: string, b: string) => a + b);
});
