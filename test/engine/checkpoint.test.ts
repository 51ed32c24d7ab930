import { describe, expect, test } from "vitest";
import { StreamingContext, type DStream } from "../../src/engine/mod.ts";
import { HandReceiver } from "../support/bytes.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { MemoryFiles } from "../support/memory_files.ts";

const SECOND = 1000;
type Build = (words: DStream<readonly [string, number]>) => DStream<unknown>;

/** One life of a program. */
interface Life {
  readonly receiver: HandReceiver;
  readonly context: StreamingContext;
  /** Batch times in s since the start of the first life, with their records. */
  readonly out: (readonly [number, unknown])[];
}

const START = new ManualClock().now();

async function live(files: MemoryFiles, clock: ManualClock, build: Build): Promise<Life> {
  const receiver = new HandReceiver();
  const out: (readonly [number, unknown])[] = [];
  const context = await StreamingContext.getOrCreate("state", () => {
    const made = new StreamingContext({ batchInterval: SECOND, clock, files });
    const words = made.lines(receiver).map((word): readonly [string, number] => [word, 1]);
    build(words).foreachRDD((rdd, time) => out.push([(time - START) / SECOND, rdd.collect()]));
    return made;
  });
  await context.start();
  return { receiver, context, out };
}

/** Goes on by a batch after it has been looked at so often. */
class HastyClock extends ManualClock {
  #patience: number;

  constructor(start: number, patience: number) {
    super(start);
    this.#patience = patience;
  }

  override now(): number {
    const now = super.now();
    if (--this.#patience === 0) void this.stall(SECOND);
    return now;
  }
}

const sum = (a: number, b: number): number => a + b;
const totals: Build = (words) =>
  words.updateStateByKey((news: number[], total: number | undefined) => news.reduce(sum, total ?? 0));

describe("getOrCreate", () => {
  test("goes on with the states of the batch before, and gives the time in between its batches", async () => {
    const [files, clock] = [new MemoryFiles(), new ManualClock(START)];
    const first = await live(files, clock, totals);
    first.receiver.write("a\nb\n");
    await clock.advance(SECOND);
    first.receiver.write("a\nlost with the process\n");
    // Killed: nothing is called any more. The timers of the first life must not fire in the second.
    const later = new ManualClock(clock.now() + 2.5 * SECOND);
    const second = await live(files, later, totals);
    second.receiver.write("a\n");
    await later.advance(SECOND);
    const state = [
      ["b", 1],
      ["a", 1],
    ];
    expect(second.out.map(([time]) => time)).toEqual([2, 3, 4]);
    expect(second.out[0]?.[1]).toEqual(first.out[0]?.[1]);
    expect(second.out[1]?.[1]).toEqual(state);
    expect(second.out[2]?.[1]).toEqual([
      ["b", 1],
      ["a", 2],
    ]);
  });

  test("misses no batch time that passes while it begins to go on", async () => {
    // The fourth look is the last before the ticker's own.
    for (let patience = 1; patience <= 4; patience++) {
      const [files, clock] = [new MemoryFiles(), new ManualClock(START)];
      await live(files, clock, totals);
      await clock.advance(SECOND);
      const later = new HastyClock(clock.now() + 1.5 * SECOND, patience);
      const { out } = await live(files, later, totals);
      await later.advance(2 * SECOND);
      const times = out.map(([time]) => time);
      expect([patience, times]).toEqual([patience, times.map((_, i) => times[0]! + i)]);
      expect(times.length).toBeGreaterThan(3);
    }
  });

  test.each([
    ["a window", (words) => words.window(3 * SECOND, SECOND)],
    ["a window that slides by two", (words) => words.countByWindow(4 * SECOND, 2 * SECOND)],
    [
      "an inverse window",
      (words) => words.reduceByKeyAndWindow(sum, (total, left) => total - left, 5 * SECOND, SECOND),
    ],
    ["states", totals],
    [
      "mapWithState",
      (words) =>
        words.mapWithState(
          (key, value: number | undefined, state: { getOption(): number | undefined; update(n: number): void }) => {
            state.update((state.getOption() ?? 0) + (value ?? 0));
            return [key, state.getOption()] as const;
          },
        ),
    ],
    ["a join of a window and a state", (words) => totals(words).window(2 * SECOND, SECOND)],
  ] as [string, Build][])("makes of %s what one life would have made", async (_name, build) => {
    const spoken = ["a\nb\n", "b\n", "", "c\na\n", "a\n", "", "b\nb\n", "d\n", "", "a\n"];
    const whole: (readonly [number, unknown])[] = [];
    for (const restarts of [[], [2], [3, 4, 7], [1, 2, 3, 4, 5, 6, 7, 8, 9]]) {
      const files = new MemoryFiles();
      let clock = new ManualClock(START);
      let life = await live(files, clock, build);
      const out = life.out;
      for (const [batch, text] of spoken.entries()) {
        if (restarts.includes(batch)) {
          clock = new ManualClock(clock.now());
          life = await live(files, clock, build);
        }
        life.receiver.write(text);
        await clock.advance(SECOND);
        if (life.out !== out) out.push(...life.out.splice(0));
      }
      if (restarts.length === 0) whole.push(...out);
      expect(out.map(([time]) => time)).toEqual(whole.map(([time]) => time));
      expect(out.map(([, records]) => sorted(records))).toEqual(whole.map(([, records]) => sorted(records)));
    }
  });

  test("gives out again what had been saved and not given out, and nothing twice that had", async () => {
    const files = new MemoryFiles();
    const clock = new ManualClock(START);
    const first = await live(files, clock, totals);
    first.receiver.write("a\n");
    files.killedIn = "complete";
    await clock.advance(SECOND);
    files.killedIn = undefined;
    const second = await live(files, new ManualClock(clock.now()), totals);
    expect(second.out).toEqual(first.out);
    const third = await live(files, new ManualClock(clock.now()), totals);
    expect(third.out).toEqual([]);
  });

  test("does not count what was cut and never saved: nobody has seen it", async () => {
    const files = new MemoryFiles();
    const clock = new ManualClock(START);
    const first = await live(files, clock, totals);
    files.killedIn = "save";
    first.receiver.write("a\n");
    await clock.advance(SECOND);
    expect(first.out).toEqual([]);
    files.killedIn = undefined;
    const second = await live(files, new ManualClock(clock.now()), totals);
    expect(second.out).toEqual([]);
  });

  test("goes on after a graceful stop, with the next batch time", async () => {
    const files = new MemoryFiles();
    const clock = new ManualClock(START);
    const first = await live(files, clock, totals);
    first.receiver.write("a\n");
    await first.context.stop({ gracefully: true });
    const second = await live(files, clock, totals);
    await clock.advance(2 * SECOND);
    expect([...first.out, ...second.out]).toEqual([
      [1, [["a", 1]]],
      [2, [["a", 1]]],
    ]);
  });

  test("refuses the checkpoint of another program, and says how they differ", async () => {
    const files = new MemoryFiles();
    const clock = new ManualClock(START);
    await live(files, clock, totals);
    await clock.advance(SECOND);
    const windowed: Build = (words) => words.window(2 * SECOND, SECOND);
    await expect(live(files, clock, windowed)).rejects.toThrow(
      /Cannot go on from this checkpoint: it has .*1000 ms .* state, this program has .*1000 ms .* stream/,
    );
  });

  test("refuses a checkpoint whose time has not come yet", async () => {
    const files = new MemoryFiles();
    const clock = new ManualClock(START);
    await live(files, clock, totals);
    await clock.advance(60 * SECOND);
    await expect(live(files, new ManualClock(START), totals)).rejects.toThrow("59 s from now");
  });

  test("tells those who await that a queue or a function cannot be saved", async () => {
    const clock = new ManualClock(START);
    const queue = await StreamingContext.getOrCreate("state", () => {
      const made = new StreamingContext({ batchInterval: SECOND, clock, files: new MemoryFiles() });
      made.queueStream([[1]]).foreachRDD(() => {});
      return made;
    });
    await queue.start();
    await clock.advance(SECOND);
    await expect(queue.awaitTermination()).rejects.toThrow("Cannot save a queueStream");
    const context = await live(new MemoryFiles(), clock, (words) => words.map(() => () => 1).window(SECOND, SECOND));
    context.receiver.write("a\n");
    await clock.advance(SECOND);
    await expect(context.context.awaitTermination()).rejects.toThrow("Cannot save a function in a checkpoint");
  });

  test("wants files", async () => {
    const made = new StreamingContext({ batchInterval: SECOND, clock: new ManualClock() });
    expect(() => made.checkpoint("state")).toThrow("made without files");
  });
});

function sorted(records: unknown): unknown {
  return (records as unknown[]).map((record) => JSON.stringify(record)).toSorted();
}
