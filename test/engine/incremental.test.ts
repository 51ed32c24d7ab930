import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RDD } from "../../src/engine/rdd.ts";
import { SlidingSums } from "../../src/engine/sliding_sums.ts";
import { operate } from "../support/streams.ts";

type Pair = readonly [unknown, number];
type PairsRdd = RDD<Pair>;

const key = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("a", "b", "c", "d", "e", "a longer key than others") },
  fc.constantFrom<unknown>(1, true, null, ["a", 1]),
);
const whole = fc.integer({ min: -3, max: 3 });
const any = fc.oneof(
  { weight: 9, arbitrary: whole },
  fc.constantFrom(0.1, 1e16, -0, Number.NaN, 2 ** 40 + 1, Infinity),
);
const batchesOf = (value: fc.Arbitrary<number>): fc.Arbitrary<Pair[][]> =>
  fc.array(fc.array(fc.tuple(key, value), { maxLength: 6 }), { minLength: 1, maxLength: 14 });
const shape = fc.record({
  length: fc.integer({ min: 1, max: 7 }),
  slide: fc.integer({ min: 1, max: 3 }),
  partitions: fc.integer({ min: 1, max: 3 }),
});
const addWritten = (a: number, b: number): number => a + b;
/** The same, and nobody can tell. */
const addHidden = (a: number, b: number): number => {
  return addWritten(a, b);
};

describe("a window of sums made from the one before", () => {
  test.each([
    ["whole numbers", whole],
    ["any numbers", any],
  ])("is what merging all its batches gives: %s", async (_, value) => {
    const same = async (
      batches: Pair[][],
      { length, slide, partitions }: { length: number; slide: number; partitions: number },
    ): Promise<void> => {
      const run = (add: typeof addWritten): Promise<unknown> =>
        operate(batches, (pairs) => pairs.reduceByKeyAndWindow(add, null, length * 1000, slide * 1000), { partitions });
      expect(await run(addWritten)).toEqual(await run(addHidden));
    };
    await fc.assert(fc.asyncProperty(batchesOf(value), shape, same), { numRuns: 150 });
  });

  test("knows 0 from -0, as a sum begun with it does", async () => {
    const batches: Pair[][] = [[["a", -0]], [["a", 0]], []];
    const out = operate(batches, (pairs) => pairs.reduceByKeyAndWindow(addWritten, null, 2000, 1000));
    expect(await out).toEqual([[["a", -0]], [["a", 0]], [["a", 0]]]);
  });

  test("is so for any batches asked for, and those it knew are forgotten when they have left", () => {
    const sums = new SlidingSums<unknown>(2);
    const rdds = Array.from({ length: 40 }, (_, i) =>
      new RDD([Array.from({ length: 100 }, (_record, j): Pair => [`key${(i * 97 + j * j) % 4000}`, j])]).reduceByKey(
        addHidden,
        2,
      ),
    );
    const windows = [...rdds.keys()].map((i) => rdds.slice(Math.max(0, i - 4), i + 1));
    for (const batches of [...windows, ...windows.toReversed(), []])
      expect(sums.of(batches)?.partitions).toEqual(RDD.union(batches).reduceByKey(addHidden, 2).partitions);
  });
});

describe("what goes from batch to batch is what a shuffle of all of it gives", () => {
  test("a window with an inverse", async () => {
    const inverse = (total: number, left: number): number => total - left;
    const keep = ([, total]: Pair): boolean => total !== 0;
    const same = async (batches: Pair[][], partitions: number, filter?: (record: Pair) => boolean): Promise<void> => {
      const [length, slide] = [6, 1];
      const out = operate(
        batches,
        (pairs) => pairs.reduceByKeyAndWindow(addHidden, inverse, length * 1000, slide * 1000, filter && { filter }),
        { partitions },
      );
      const reduced = batches.map((batch) => RDD.of(batch).reduceByKey(addHidden, partitions));
      const between = (after: number, until: number): PairsRdd =>
        RDD.union(reduced.slice(Math.max(0, after), Math.max(0, until))).reduceByKey(addHidden, partitions);
      let before: PairsRdd | undefined;
      const wanted = batches.map((_, i) => {
        const now = i + 1;
        const totals: PairsRdd =
          before === undefined
            ? between(now - length, now)
            : before
                .cogroup(between(now - slide - length, now - length), partitions)
                .flatMapValues(([sums, lost]) => sums.map((total) => lost.reduce(inverse, total)))
                .union(between(now - slide, now))
                .reduceByKey(addHidden, partitions);
        before = filter === undefined ? totals : totals.filter(filter);
        return before.collect();
      });
      expect(await out).toEqual(wanted);
    };
    await fc.assert(
      fc.asyncProperty(batchesOf(whole), fc.integer({ min: 1, max: 3 }), fc.constantFrom(keep, undefined), same),
      { numRuns: 150 },
    );
  });

  test("updateStateByKey", async () => {
    /** Lets a key go at 0, and tells in which order values came. */
    const update = (news: number[], state: number | undefined): number | undefined =>
      news.reduce((a, b) => (a * 3 + b) % 1000, state ?? 1) || undefined;
    const same = async (batches: Pair[][], initial: Pair[], partitions: number): Promise<void> => {
      const out = operate(batches, (pairs) => pairs.updateStateByKey(update, { initial }), { partitions });
      let before: PairsRdd = RDD.of(initial);
      const wanted = batches.map((batch) => {
        before = before.cogroup(RDD.of(batch), partitions).flatMapValues(([[old], news]) => {
          const state = update(news, old);
          return state === undefined ? [] : [state];
        });
        return before.collect();
      });
      expect(await out).toEqual(wanted);
    };
    const initial = fc.array(fc.tuple(key, whole), { maxLength: 6 });
    await fc.assert(fc.asyncProperty(batchesOf(whole), initial, fc.integer({ min: 1, max: 3 }), same), {
      numRuns: 200,
    });
  });
});
