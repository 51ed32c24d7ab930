import { expectTypeOf, test } from "vitest";
import { add, pair, split, StreamingContext, type DStream, type RDD, type State } from "../../src/engine/mod.ts";
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

test("types are inferred through states, several streams and slices", () => {
  const mapped = counts.mapWithState((word, count, state: State<Date>) => {
    expectTypeOf(word).toEqualTypeOf<string>();
    expectTypeOf(count).toEqualTypeOf<number | undefined>();
    return state.getOption()?.getTime();
  });
  expectTypeOf(mapped.map((at) => at)).toEqualTypeOf<DStream<number>>();
  expectTypeOf(mapped.stateSnapshots()).toEqualTypeOf<DStream<readonly [string, Date]>>();
  expectTypeOf(context.union(lines, lines)).toEqualTypeOf<DStream<string>>();
  expectTypeOf(context.transform([counts, counts], ([a]) => a!.keys())).toEqualTypeOf<DStream<string>>();
  expectTypeOf(counts.slice).returns.toEqualTypeOf<readonly RDD<readonly [string, number]>[]>();
  expectTypeOf(counts.transform((rdd) => rdd.leftOuterJoin(rdd.mapValues(String)))).toEqualTypeOf<
    DStream<readonly [string, readonly [number, string | null]]>
  >();
  // @ts-expect-error the streams are of different records
  context.union(lines, counts);
  // @ts-expect-error lines are no pairs
  lines.mapWithState((key) => key);
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
