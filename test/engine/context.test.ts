import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { add, pair, split, StreamingContext, type DStream, type MicroBatch } from "../../src/engine/mod.ts";
import { HandReceiver, utf8 } from "../support/bytes.ts";
import { ManualClock } from "../support/manual_clock.ts";

type Counted = MicroBatch<readonly [string, number]> & { readonly records: readonly (readonly [string, number])[] };

interface Running {
  readonly clock: ManualClock;
  readonly receiver: HandReceiver;
  readonly context: StreamingContext;
  readonly batches: Counted[];
}

type Path = "bytes" | "written" | "general";

const COUNT: Readonly<Record<Path, (lines: DStream<string>) => DStream<readonly [string, number]>>> = {
  bytes: (lines) => lines.flatMap(split(" ")).map(pair(1)).reduceByKey(add),
  written: (lines) =>
    lines
      .flatMap((line) => line.split(" "))
      .map((word): [string, number] => [word, 1])
      .reduceByKey((a, b) => a + b),
  general: (lines) =>
    lines
      .flatMap((line) => Array.from(line.split(" ")))
      .map((word): [string, number] => [word, 1])
      .reduceByKey((a, b) => a + b),
};

/** A word count in functions the engine recognises, its own or as everybody writes them, or in a user's. */
async function wordCount(path: Path, options: { maxWords?: number } = {}): Promise<Running> {
  const clock = new ManualClock();
  const receiver = new HandReceiver();
  const context = new StreamingContext({ batchInterval: 5000, clock, partitions: 1, ...options });
  const batches: Counted[] = [];
  const counts = COUNT[path](context.lines(receiver));
  counts.forEachBatch((batch) => batches.push({ ...batch, records: batch.rdd.collect() }));
  await context.start();
  return { clock, receiver, context, batches };
}

describe.each(["bytes", "written", "general"] as const)("StreamingContext counting on the %s path", (path) => {
  test("gives every interval its own batch, an empty one too", async () => {
    const { clock, receiver, batches } = await wordCount(path);
    receiver.write("spark spark streaming\nbig ");
    await clock.advance(5000);
    await clock.advance(5000);
    receiver.write("data spark\n");
    await clock.advance(5000);
    expect(batches.map(({ records }) => records)).toEqual([
      [
        ["spark", 2],
        ["streaming", 1],
      ],
      [],
      [
        ["big", 1],
        ["data", 1],
        ["spark", 1],
      ],
    ]);
    expect(batches.map(({ time }) => time % 5000)).toEqual([0, 0, 0]);
    expect(batches.map(({ input }) => [input.lines, input.bytes])).toEqual([
      [1, 26],
      [0, 0],
      [1, 11],
    ]);
  });

  test("counts what has arrived in one last batch when stopped gracefully", async () => {
    const { clock, receiver, context, batches } = await wordCount(path);
    await clock.advance(4000);
    receiver.write("last words\nhalf a line");
    const left = await context.stop({ gracefully: true });
    expect(batches.at(-1)).toMatchObject({
      partial: true,
      final: true,
      intervalMs: 1000,
      records: [
        ["last", 1],
        ["words", 1],
      ],
    });
    expect(batches.at(-1)?.input.dropped).toEqual({ lines: 1, bytes: 11 });
    expect(left.bytes).toBe(0);
    expect(await context.awaitTerminationOrTimeout(1)).toBe(true);
  });

  test("drops what has arrived when stopped otherwise, and says how much", async () => {
    const { clock, receiver, context, batches } = await wordCount(path);
    await clock.advance(4000);
    receiver.write("lost words\n");
    const left = await context.stop();
    expect(batches.length).toBe(1);
    expect([left.lines, left.bytes]).toEqual([1, 11]);
    expect(clock.pending).toBe(0);
  });

  test("counts records past maxWords apart", async () => {
    const { clock, receiver, batches } = await wordCount(path, { maxWords: 2 });
    receiver.write("a b c a d\n");
    await clock.advance(5000);
    expect(batches[0]).toMatchObject({
      records: [
        ["a", 2],
        ["b", 1],
      ],
      otherRecords: 2,
    });
  });

  test("counts an unfinished line when its connection ends, and says how long reading was interrupted", async () => {
    const { clock, receiver, batches } = await wordCount(path);
    receiver.write("half");
    receiver.end();
    receiver.gap(2000);
    await clock.advance(5000);
    expect(batches[0]).toMatchObject({ records: [["half", 1]], input: { gaps: { count: 1, downMs: 2000 } } });
  });
});

test("counts are the same wherever the bytes are cut", async () => {
  const bytes = utf8("\ufeffspark  spark\r\nhello 😀 wörld\r\r\n\n__proto__ constructor\rlast é").map((byte) =>
    byte === 0x77 ? 0xff : byte,
  );
  const counted = async (parts: readonly Uint8Array[]): Promise<unknown> => {
    const { receiver, context, batches } = await wordCount("bytes");
    for (const part of parts) receiver.write(part);
    receiver.end();
    await context.stop({ gracefully: true });
    return batches[0]?.records;
  };
  const whole = await counted([bytes]);
  expect(whole).toEqual(
    ["\ufeffspark", "", "spark", "hello", "😀", "\ufffdörld", "__proto__", "constructor", "last", "é"].map((word) => [
      word,
      word === "" ? 3 : 1,
    ]),
  );
  for (let at = 0; at <= bytes.length; at++) {
    expect(await counted([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole);
  }
});

test("both paths give the same batches of any bytes", async () => {
  const byte = fc.oneof(fc.constantFrom(10, 13, 32, 97, 98, 0xc3, 0xa9, 0xed, 0xa0, 0x80), fc.nat(255));
  const chunk = fc.array(byte, { maxLength: 40 }).map((bytes) => Uint8Array.from(bytes));
  await fc.assert(
    fc.asyncProperty(fc.array(chunk, { maxLength: 6 }), async (chunks) => {
      const [fast, general] = [await wordCount("bytes"), await wordCount("general")];
      for (const bytes of chunks) {
        fast.receiver.write(bytes);
        general.receiver.write(bytes);
      }
      await Promise.all([fast.context.stop({ gracefully: true }), general.context.stop({ gracefully: true })]);
      expect(fast.batches[0]?.records).toEqual(general.batches[0]?.records);
    }),
    { numRuns: 100 },
  );
});

describe("StreamingContext", () => {
  test("counts by a value other than one, and splits on other separators", async () => {
    const clock = new ManualClock();
    const receiver = new HandReceiver();
    const context = new StreamingContext({ batchInterval: 1000, clock, partitions: 1 });
    const seen: unknown[] = [];
    const lines = context.lines(receiver);
    for (const separator of [",", "::", "é"]) {
      lines
        .flatMap(split(separator))
        .map(pair(3))
        .reduceByKey(add)
        .foreachRDD((rdd) => seen.push(rdd.collect()));
    }
    await context.start();
    receiver.write("a,a::béb\n");
    await clock.advance(1000);
    expect(seen).toEqual([
      [
        ["a", 3],
        ["a::béb", 3],
      ],
      [
        ["a,a", 3],
        ["béb", 3],
      ],
      [
        ["a,a::b", 3],
        ["b", 3],
      ],
    ]);
  });

  test("runs filter and map on the result of a reduce, and one reduce for two outputs", async () => {
    const clock = new ManualClock();
    const receiver = new HandReceiver();
    const context = new StreamingContext({ batchInterval: 1000, clock, partitions: 1 });
    const counts = context.lines(receiver).flatMap(split(" ")).map(pair(1)).reduceByKey(add);
    const seen: unknown[] = [];
    counts
      .filter(([, count]) => count > 1)
      .map(([word]) => word.toUpperCase())
      .foreachRDD((rdd) => seen.push(rdd.collect()));
    counts.foreachRDD((rdd) => seen.push(rdd.count()));
    await context.start();
    receiver.write("a b a\n");
    await clock.advance(1000);
    expect(seen).toEqual([["A"], 2]);
  });

  test("asks its sources to wait while maxPendingBatches wait for their outputs", async () => {
    const clock = new ManualClock();
    const receiver = new HandReceiver();
    const context = new StreamingContext({ batchInterval: 1000, clock, maxPendingBatches: 2 });
    const work = Promise.withResolvers<void>();
    context.lines(receiver).forEachBatch(() => work.promise);
    await context.start();
    const held: boolean[] = [];
    for (let i = 0; i < 3; i++) {
      held.push(receiver.isHeld);
      await clock.advance(1000);
    }
    work.resolve();
    await clock.advance(0);
    held.push(receiver.isHeld);
    expect(held).toEqual([false, false, true, false]);
    await context.stop();
  });

  test("runs outputs one at a time and in order, however long one takes", async () => {
    const clock = new ManualClock();
    const context = new StreamingContext({ batchInterval: 1000, clock, partitions: 1 });
    const order: string[] = [];
    const held = Promise.withResolvers<void>();
    context.lines(new HandReceiver()).forEachBatch(async ({ time, schedulingMs }) => {
      order.push(`start ${time % 10_000} after ${schedulingMs}`);
      if (order.length === 1) await held.promise;
      order.push(`end ${time % 10_000}`);
    });
    await context.start();
    await clock.advance(2000);
    held.resolve();
    await clock.advance(0);
    expect(order).toEqual(["start 8000 after 0", "end 8000", "start 9000 after 0", "end 9000"]);
  });

  test("tells those who await of a failing output, and goes on", async () => {
    const clock = new ManualClock();
    const context = new StreamingContext({ batchInterval: 1000, clock, partitions: 1 });
    let runs = 0;
    context.lines(new HandReceiver()).forEachBatch(() => {
      runs++;
      throw new Error("no room");
    });
    await context.start();
    await clock.advance(2000);
    expect(runs).toBe(2);
    await expect(context.awaitTermination()).rejects.toThrow("no room");
  });

  test("says false when time runs out before the stop", async () => {
    const clock = new ManualClock();
    const context = new StreamingContext({ batchInterval: 1000, clock, partitions: 1 });
    context.lines(new HandReceiver()).forEachBatch(() => {});
    await context.start();
    const ended = context.awaitTerminationOrTimeout(2500);
    await clock.advance(2500);
    expect(await ended).toBe(false);
  });

  test("refuses operations once it has started, and to start once it has stopped; a second start is only said", async () => {
    const said: string[] = [];
    const say = (line: string): number => said.push(line);
    const context = new StreamingContext({ batchInterval: 1000, clock: new ManualClock(), say });
    const lines = context.lines(new HandReceiver());
    lines.forEachBatch(() => {});
    await context.start();
    await context.start();
    expect(said).toEqual(["The context has already been started"]);
    expect(() => lines.forEachBatch(() => {})).toThrow("active");
    expect(() => lines.map(String)).toThrow("active");
    expect(() => context.lines(new HandReceiver())).toThrow("active");
    await context.stop();
    expect(() => lines.map(String)).toThrow("stopped");
    await expect(context.start()).rejects.toThrow("stopped");
  });

  test("is stopped by a start without an output operation, or by a stop before the start, as Spark's is", async () => {
    const empty = new StreamingContext({ batchInterval: 1000, clock: new ManualClock() });
    await expect(empty.start()).rejects.toThrow("output operation");
    expect(() => empty.queueStream([])).toThrow("stopped");
    const unused = new StreamingContext({ batchInterval: 1000, clock: new ManualClock() });
    unused.queueStream([]).pprint();
    await unused.stop();
    await expect(unused.start()).rejects.toThrow("stopped");
  });
});
