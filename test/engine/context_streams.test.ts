import { describe, expect, test } from "vitest";
import { RDD, StreamingContext, type DStream } from "../../src/engine/mod.ts";
import { HandReceiver } from "../support/bytes.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { MemoryFiles } from "../support/memory_files.ts";
import { operate } from "../support/streams.ts";

const SECOND = 1000;

describe("StreamingContext", () => {
  test("unites several streams, and transforms several into one", async () => {
    const run = (build: (context: StreamingContext, streams: [DStream<string>, DStream<string>]) => DStream<unknown>) =>
      operate([["a"], ["b"]], (stream, context) => build(context, [stream, context.queueStream([["x"], ["y"]])]));
    expect(await run((context, [a, b]) => context.union(a, b, a))).toEqual([
      ["a", "x", "a"],
      ["b", "y", "b"],
    ]);
    const out = await run((context, streams) =>
      context.transform(streams, ([a, b]) => b!.union(a!).map((s) => `${s}!`)),
    );
    expect(out).toEqual([
      ["x!", "a!"],
      ["y!", "b!"],
    ]);
    await expect(run((context, [a, b]) => context.union(a, b.window(2 * SECOND, 2 * SECOND)))).rejects.toThrow(
      "the same slide duration is wanted",
    );
  });

  test("takes a queue of lists and RDDs one by one or all at once, then its default", async () => {
    const run = (options: object) =>
      operate([], (_stream, context) => context.queueStream([[1, 2], new RDD([[3], [4]])], options).glom(), {
        seconds: 3,
      });
    expect(await run({})).toEqual([[[1, 2]], [[3], [4]], [[]]]);
    expect(await run({ oneAtATime: false })).toEqual([[[1, 2], [3], [4]], [[]], [[]]]);
    expect(await run({ default: [9] })).toEqual([[[1, 2]], [[3], [4]], [[9]]]);
  });
});

describe("slice", () => {
  test("gives the batches of a time, of streams that lead to no output too, as far as they are remembered", async () => {
    const clock = new ManualClock(Date.UTC(2026, 0, 21, 21, 25, 27));
    const zero = clock.now();
    const context = new StreamingContext({ batchInterval: SECOND, clock });
    context.remember(3 * SECOND);
    const numbers = context.queueStream([[1], [2], [3], [4], [5]]);
    const tens = numbers.map((n) => n * 10);
    const windows = numbers.window(2 * SECOND, 2 * SECOND);
    numbers.foreachRDD(() => {});
    const sliced = (stream: DStream<number>, from: number, to: number): (readonly number[])[] =>
      stream.slice(zero + from, zero + to).map((rdd) => rdd.collect());
    expect(() => sliced(tens, 0, SECOND)).toThrow("has been started");
    await context.start();
    await clock.advance(5 * SECOND);
    expect(sliced(tens, 0, 9 * SECOND)).toEqual([[30], [40], [50]]);
    // As recorded from Spark: 2.5 s stands for 2 s.
    expect(sliced(tens, 3500, 4500)).toEqual([[30], [40]]);
    expect(sliced(windows, 4 * SECOND, 9 * SECOND)).toEqual([[3, 4]]);
    expect(sliced(tens, 6 * SECOND, 9 * SECOND)).toEqual([]);
  });

  test("wants remember()", async () => {
    const clock = new ManualClock();
    const context = new StreamingContext({ batchInterval: SECOND, clock });
    const numbers = context.queueStream([[1]]);
    numbers.foreachRDD(() => {});
    await context.start();
    await clock.advance(SECOND);
    expect(() => numbers.slice(0, clock.now())).toThrow("remember()");
  });
});

describe("a window over a batch that failed", () => {
  test("fails as long as it would hold it, and is whole again after that", async () => {
    const clock = new ManualClock();
    const receiver = new HandReceiver();
    const context = new StreamingContext({ batchInterval: SECOND, clock });
    const out: unknown[] = [];
    const numbers = context.lines(receiver).mapPartitions((lines) => Array.from(lines, checked));
    numbers.window(2 * SECOND, SECOND).foreachRDD((rdd) => out.push(rdd.collect()));
    await context.start();
    for (const line of ["1\n", "bad\n", "3\n", "4\n"]) {
      receiver.write(line);
      await clock.advance(SECOND);
    }
    expect(out).toEqual([[1], [3, 4]]);
    await expect(context.awaitTermination()).rejects.toThrow("not a number");
  });
});

test("a batch in which a function failed on one record is not given out without it", async () => {
  const clock = new ManualClock();
  const receiver = new HandReceiver();
  const context = new StreamingContext({ batchInterval: SECOND, clock });
  const out: unknown[] = [];
  const pairs = context.lines(receiver).map((line): readonly [number, number] => [checked(line), 1]);
  pairs.reduceByKey((a, b) => a + b).foreachRDD((rdd) => out.push(rdd.collect()));
  await context.start();
  for (const text of ["1\n1\n", "2\nbad\n", "3\n"]) {
    receiver.write(text);
    await clock.advance(SECOND);
  }
  expect(out).toEqual([[[1, 2]], [[3, 1]]]);
  await expect(context.awaitTermination()).rejects.toThrow("not a number");
});

function checked(line: string): number {
  if (Number.isNaN(Number(line))) throw new Error("not a number");
  return Number(line);
}

describe("textFileStream", () => {
  const run = async (
    steps: readonly (readonly [name: string, text: string, changedAgo?: number][])[],
    restartAfter: number = -1,
  ): Promise<unknown[]> => {
    const files = new MemoryFiles();
    let clock = new ManualClock();
    const out: unknown[] = [];
    const begin = async (): Promise<void> => {
      const context = await StreamingContext.getOrCreate("state", () => {
        const made = new StreamingContext({ batchInterval: SECOND, clock, files });
        made
          .textFileStream("in")
          .glom()
          .foreachRDD((rdd) => out.push(rdd.collect()));
        return made;
      });
      await context.start();
    };
    await begin();
    for (const [i, step] of steps.entries()) {
      for (const [name, text, changedAgo = -500] of step) {
        files.put("in", name, { text, changedAt: clock.now() - changedAgo });
      }
      await clock.advance(SECOND);
      if (i !== restartAfter) continue;
      clock = new ManualClock(clock.now() + 2 * SECOND);
      await begin();
    }
    return out;
  };

  test("reads each new file once, whole, in the batch of its last change, in a partition of its own", async () => {
    const out = await run([
      [["old.txt", "old\n", 1]],
      [
        ["b.txt", "b1\r\nb2\n\nb3"],
        ["a.txt", "\ufeffbom\rcr\n\ufeffx\n"],
        [".hidden", "no\n"],
        ["_hidden", "no\n"],
        ["empty.txt", ""],
        ["later.txt", "later\n", -1500],
      ],
      [["b.txt", "b1\nmore\n"]],
      [],
    ]);
    expect(out).toEqual([
      [],
      [
        ["b1", "b2", "", "b3"],
        ["bom", "cr", "\ufeffx"],
      ],
      [["later"]],
      [],
    ]);
  });

  test("takes what is moved in within a minute of its last change, and no later", async () => {
    const quiet = Array.from({ length: 70 }, () => []);
    const out = await run([
      ...quiet,
      [
        ["fresh.txt", "fresh\n", 58_000],
        ["stale.txt", "stale\n", 60_000],
      ],
    ]);
    expect(out.at(-1)).toEqual([["fresh"]]);
  });

  test("reads nothing again after a restart, and what came in between", async () => {
    const out = await run(
      [
        [["a.txt", "a\n"]],
        [
          ["b.txt", "b\n"],
          ["c.txt", "c\n", -1800],
        ],
        [["d.txt", "d\n"]],
      ],
      1,
    );
    expect(out).toEqual([[["a"]], [["b"]], [["c"]], [], [["d"]]]);
  });
});

test("saveAsTextFiles writes a folder for each batch, a file for each partition, as Hadoop names them", async () => {
  const clock = new ManualClock(Date.UTC(2026, 0, 21, 21, 25, 27));
  const files = new MemoryFiles();
  const context = new StreamingContext({ batchInterval: SECOND, clock, files });
  const words = context.queueStream([["a", "x", "it's", null]]);
  words
    .map((word): readonly [unknown, number] => [word, 1])
    .reduceByKey((a, b) => a + b)
    .saveAsTextFiles("out/counts", "txt");
  words.saveAsTextFiles("out/words");
  await context.start();
  await clock.advance(2 * SECOND);
  await context.stop();
  const written = Object.fromEntries(
    Array.from(files.folders, ([name, folder]) => [
      name,
      Object.fromEntries(Array.from(folder, ([file, { bytes }]) => [file, Buffer.from(bytes).toString()])),
    ]),
  );
  const zero = Date.UTC(2026, 0, 21, 21, 25, 27);
  expect(written).toEqual({
    [`out/counts-${zero + SECOND}.txt`]: {
      "part-00000": "(None, 1)\n",
      "part-00001": "('a', 1)\n('x', 1)\n(\"it's\", 1)\n",
      _SUCCESS: "",
    },
    [`out/words-${zero + SECOND}`]: { "part-00000": "a\nx\nit's\nNone\n", _SUCCESS: "" },
    [`out/counts-${zero + 2 * SECOND}.txt`]: { "part-00000": "", "part-00001": "", _SUCCESS: "" },
    [`out/words-${zero + 2 * SECOND}`]: { "part-00000": "", _SUCCESS: "" },
  });
});
