import { describe, expect, test } from "vitest";
import { StreamingContext, type DStream } from "../../src/engine/mod.ts";
import { HandReceiver } from "../support/bytes.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { operate } from "../support/streams.ts";

type Pairs = DStream<readonly [string, number]>;
const sum = (a: number, b: number): number => a + b;
const minus = (a: number, b: number): number => a - b;
const pairs = (text: string): (readonly [string, number])[] =>
  text === "" ? [] : text.split(" ").map((item) => [item.slice(0, 1), Number(item.slice(1))] as const);
/** Pairs of each batch, as `a1 b2`, sorted, for what Spark gives no order worth knowing. */
const shown = (batches: readonly (readonly (readonly [string, unknown])[])[]): string[] =>
  batches.map((records) =>
    records
      .map(([key, value]) => `${key}${JSON.stringify(value)}`)
      .toSorted()
      .join(" "),
  );

describe("operations on each batch", () => {
  test("map, flatMap, filter and mapPartitions", async () => {
    const out = await operate([["a b", "c"], []], (lines) =>
      lines
        .flatMap((line) => line.split(" "))
        .map((word) => word.toUpperCase())
        .filter((word) => word !== "B")
        .mapPartitions((words) => [[...words].join("+")]),
    );
    expect(out).toEqual([["A+C"], [""]]);
  });

  test("count, reduce and countByValue", async () => {
    const words = [["a", "b", "a"], []];
    expect(await operate(words, (stream) => stream.count(), { seconds: 3 })).toEqual([[3], [0], [0]]);
    expect(await operate(words, (stream) => stream.reduce((a, b) => a + b))).toEqual([["aba"], []]);
    expect(shown(await operate(words, (stream) => stream.countByValue()))).toEqual(["a2 b1", ""]);
  });

  test("groupByKey, combineByKey, mapValues and flatMapValues", async () => {
    const batches = [pairs("a1 b2 a3")];
    expect(shown(await operate(batches, (stream) => stream.groupByKey()))).toEqual(["a[1,3] b[2]"]);
    const joined = await operate(batches, (stream) =>
      stream.combineByKey(
        String,
        (text, value) => `${text},${value}`,
        (a, b) => `${a};${b}`,
      ),
    );
    expect(shown(joined)).toEqual(['a"1,3" b"2"']);
    const values = await operate(batches, (stream) =>
      stream.mapValues((value) => value * 10).flatMapValues((value) => [value, -value]),
    );
    expect(shown(values)).toEqual(["a-10 a-30 a10 a30 b-20 b20"]);
  });

  test("glom shows the partitions of a shuffle", async () => {
    const keys = [pairs("a1 b1 c1 d1")];
    const glommed = await operate(keys, (stream) =>
      stream
        .partitionBy(3)
        .map(([key]) => key)
        .glom(),
    );
    expect(glommed[0]?.length).toBe(3);
    expect(glommed[0]?.flat().toSorted()).toEqual(["a", "b", "c", "d"]);
    expect((await operate(keys, (stream) => stream.repartition(2).glom()))[0]?.map(({ length }) => length)).toEqual([
      2, 2,
    ]);
  });

  test("keys that are tuples are one when their items are", async () => {
    const batches = [
      [
        ["a", 1],
        ["a", 1],
        ["a", 2],
      ].map((key) => [key, 1] as const),
    ];
    expect(await operate(batches, (stream) => stream.reduceByKey(sum, 1))).toEqual([
      [
        [["a", 1], 2],
        [["a", 2], 1],
      ],
    ]);
  });
});

describe("operations on two streams", () => {
  const left = pairs("a1 b2 a3");
  const right = pairs("a9 c8");
  const both = (operation: (l: Pairs, r: Pairs) => DStream<readonly [string, unknown]>): Promise<string[]> =>
    operate([left, []], (stream, context) => operation(stream, context.queueStream([right, right]))).then(shown);

  test("union and cogroup", async () => {
    expect(await both((l, r) => l.union(r))).toEqual(["a1 a3 a9 b2 c8", "a9 c8"]);
    expect(await both((l, r) => l.cogroup(r))).toEqual(["a[[1,3],[9]] b[[2],[]] c[[],[8]]", "a[[],[9]] c[[],[8]]"]);
  });

  test("joins, inner and outer", async () => {
    expect(await both((l, r) => l.join(r))).toEqual(["a[1,9] a[3,9]", ""]);
    expect(await both((l, r) => l.leftOuterJoin(r))).toEqual(["a[1,9] a[3,9] b[2,null]", ""]);
    expect(await both((l, r) => l.rightOuterJoin(r))).toEqual(["a[1,9] a[3,9] c[null,8]", "a[null,9] c[null,8]"]);
    expect(await both((l, r) => l.fullOuterJoin(r))).toEqual([
      "a[1,9] a[3,9] b[2,null] c[null,8]",
      "a[null,9] c[null,8]",
    ]);
  });

  test("are refused when their slides differ", async () => {
    await expect(both((l, r) => l.window(2000, 2000).union(r))).rejects.toThrow(/slides are 2000 ms and 1000 ms/);
  });
});

describe("windows", () => {
  const numbers = [[1], [2], [3], [4], [5], [6]];

  test("hold the batches of (T - length, T], early ones what there is", async () => {
    expect(await operate(numbers, (stream) => stream.window(3000))).toEqual([
      [1],
      [1, 2],
      [1, 2, 3],
      [2, 3, 4],
      [3, 4, 5],
      [4, 5, 6],
    ]);
    expect(await operate(numbers, (stream) => stream.window(3000, 2000))).toEqual([
      [1, 2],
      [2, 3, 4],
      [4, 5, 6],
    ]);
  });

  test("of windows go by the slide of what they are of", async () => {
    const out = await operate(numbers, (stream) => stream.window(2000, 2000).count().window(4000, 2000));
    expect(out).toEqual([[2], [2, 2], [2, 2]]);
  });

  test.each([1500, 0, -1000, 2500])("of %i ms are refused on batches of 1000 ms", async (lengthMs) => {
    await expect(operate(numbers, (stream) => stream.window(lengthMs))).rejects.toThrow(
      /a multiple of the stream's slide duration, 1000 ms/,
    );
    await expect(operate(numbers, (stream) => stream.window(1000, lengthMs))).rejects.toThrow(/Cannot use a slide/);
  });

  test("countByWindow, reduceByWindow and groupByKeyAndWindow", async () => {
    expect(await operate(numbers, (stream) => stream.countByWindow(2000, 1000))).toEqual([
      [1],
      [2],
      [2],
      [2],
      [2],
      [2],
    ]);
    expect(await operate(numbers, (stream) => stream.reduceByWindow(sum, null, 2000, 2000))).toEqual([[3], [7], [11]]);
    expect(await operate(numbers, (stream) => stream.reduceByWindow(sum, minus, 5000, 1000))).toEqual([
      [1],
      [3],
      [6],
      [10],
      [15],
      [20],
    ]);
    const keyed = [pairs("a1"), pairs("b2"), pairs("a3")];
    expect(shown(await operate(keyed, (stream) => stream.groupByKeyAndWindow(2000, 1000)))).toEqual([
      "a[1]",
      "a[1] b[2]",
      "a[3] b[2]",
    ]);
  });

  test("with an inverse keep keys that have come to nothing only from five slides on, as PySpark", async () => {
    const keyed = [pairs("a1"), ...Array.from({ length: 5 }, () => pairs("b1"))];
    const counted = (lengthMs: number): Promise<string[]> =>
      operate(keyed, (stream) => stream.reduceByKeyAndWindow(sum, minus, lengthMs, 1000)).then(shown);
    expect((await counted(4000)).at(-1)).toBe("b4");
    expect((await counted(5000)).at(-1)).toBe("a0 b5");
    const filtered = await operate(keyed, (stream) =>
      stream.reduceByKeyAndWindow(sum, minus, 5000, 1000, { filter: ([, count]) => count > 0 }),
    );
    expect(shown(filtered).at(-1)).toBe("b5");
    expect(
      shown(
        await operate(
          keyed.map((batch) => batch.map(([key]) => key)),
          (stream) => stream.countByValueAndWindow(5000, 1000),
        ),
      ).at(-1),
    ).toBe("b5");
  });
});

describe("updateStateByKey", () => {
  test("calls for every known key in every batch, and lets a key go that has no state", async () => {
    const calls: string[] = [];
    const out = await operate([pairs("a1 a2"), pairs("b5"), [], pairs("a7")], (stream) =>
      stream.updateStateByKey<string, number, number>((values, old) => {
        calls.push(`${values.join(",")}|${old ?? "-"}`);
        return values.length === 0 && old === 3 ? undefined : values.reduce(sum, old ?? 0);
      }),
    );
    expect(shown(out)).toEqual(["a3", "b5", "b5", "a7 b5"]);
    expect(calls.toSorted()).toEqual(["1,2|-", "5|-", "7|-", "|3", "|5", "|5"]);
  });

  test("goes on from the states given", async () => {
    const out = await operate([pairs("a1")], (stream) =>
      stream.updateStateByKey((values, old: number | undefined) => values.reduce(sum, old ?? 0), {
        initial: pairs("a10 z9"),
      }),
    );
    expect(shown(out)).toEqual(["a11 z9"]);
  });
});

describe("failures of users' functions", () => {
  test.each(["as records come", "when the batch is cut"])(
    "%s are told to those who await, and the batches go on",
    async (when) => {
      const clock = new ManualClock();
      const receiver = new HandReceiver();
      const context = new StreamingContext({ batchInterval: 1000, clock, partitions: 1 });
      const fussy = (line: string): readonly [string, number] => {
        if (line === "bad") throw new Error("not that one");
        return [line, 1];
      };
      const lines = context.lines(receiver);
      const counts =
        when === "as records come" ? lines.map(fussy).reduceByKey(sum) : lines.transform((rdd) => rdd.map(fussy));
      const out: unknown[] = [];
      counts.foreachRDD((rdd) => out.push(rdd.collect()));
      await context.start();
      receiver.write("bad\n");
      await clock.advance(1000);
      receiver.write("good\n");
      await clock.advance(1000);
      expect(out.at(-1)).toEqual([["good", 1]]);
      await expect(context.awaitTermination()).rejects.toThrow("not that one");
    },
  );
});

test("the outputs of a batch whose keys cannot be hashed do not run", async () => {
  const clock = new ManualClock();
  const receiver = new HandReceiver();
  const context = new StreamingContext({ batchInterval: 1000, clock });
  const keyed = context.lines(receiver).map((line): readonly [unknown, number] => [line === "bad" ? {} : line, 1]);
  const out: unknown[] = [];
  keyed.reduceByKey(sum).foreachRDD((rdd) => out.push(rdd.collect()));
  await context.start();
  for (const line of ["good\n", "bad\n"]) {
    receiver.write(line);
    await clock.advance(1000);
  }
  receiver.write("good\n");
  await clock.advance(1000);
  expect(out).toEqual([[["good", 1]], [["good", 1]]]);
  await expect(context.awaitTermination()).rejects.toThrow("Cannot use this as a key");
});

test("pprint prints what PySpark would", async () => {
  const clock = new ManualClock();
  let text = "";
  const context = new StreamingContext({ batchInterval: 1000, clock, print: (printed) => (text += printed) });
  const words = context.queueStream([["b", "it's", null, 0.5].map((key) => [key, 1] as const), []]);
  words.pprint(3);
  words.map(([key]) => key).pprint();
  await context.start();
  await clock.advance(2000);
  const records = text.split("\n").filter((line) => !/^(?:-+|Time: .*|)$/.test(line));
  expect(records).toEqual(["('b', 1)", `("it's", 1)`, "(None, 1)", "...", "b", "it's", "None", "0.5"]);
  expect(text.match(/^Time: /gm)?.length).toBe(4);
});
