import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Kernel } from "../../src/engine/kernel.ts";
import { add, pair, split, StreamingContext, type InputStats } from "../../src/engine/mod.ts";
import { HandReceiver, utf8 } from "../support/bytes.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { inLines } from "../support/kernel.ts";

/** The batches of a word count: each interval's bytes are in one list, in chunks. */
async function batchesOf(
  path: "bytes" | "general",
  intervals: readonly (readonly Uint8Array[])[],
  { separator = " ", maxWords = Infinity, maxLineLength = 2 ** 20 } = {},
): Promise<{ records: readonly (readonly [string, number])[]; input: InputStats; other: number }[]> {
  const clock = new ManualClock();
  const receiver = new HandReceiver();
  const context = new StreamingContext({ batchInterval: 1000, clock, partitions: 1, maxWords, maxLineLength });
  const words = context.lines(receiver).flatMap(path === "bytes" ? split(separator) : (line) => line.split(separator));
  const batches: Awaited<ReturnType<typeof batchesOf>> = [];
  words
    .map(pair(1))
    .reduceByKey(path === "bytes" ? add : (a, b) => a + b)
    .forEachBatch(({ rdd, input, otherRecords }) =>
      batches.push({ records: rdd.collect(), input, other: otherRecords }),
    );
  await context.start();
  for (const chunks of intervals) {
    for (const chunk of chunks) receiver.write(chunk);
    await clock.advance(1000);
  }
  await context.stop({ gracefully: true });
  return batches;
}

const HEAVY = inLines(Array.from({ length: 12_000 }, (_, i) => `heavy word${i % 700} a line of words ${i % 11}`));

/** Much is counted here, on machines that may do more besides. */
vi.setConfig({ testTimeout: 60_000 });

afterEach(() => vi.restoreAllMocks());

describe("a word count", () => {
  test("is the same while much comes, and after it, whatever is unfinished meanwhile", async () => {
    const open = vi.spyOn(Kernel, "open");
    const intervals = [
      [utf8("few words\nhalf a li")],
      [utf8("ne\nmore words\n"), HEAVY, utf8("heavy half \r"), HEAVY, utf8("\nof é"), utf8("\r")],
      [utf8("\nfew again\nand half "), utf8("a line")],
      [utf8("\rlast\n"), HEAVY, HEAVY],
      [HEAVY, utf8("too long a line"), HEAVY.map((byte) => (byte === 10 ? 32 : byte))],
      [utf8("\nfew\n")],
    ];
    const options = { maxLineLength: 5000 };
    const fast = await batchesOf("bytes", intervals, options);
    expect(fast).toEqual(await batchesOf("general", intervals, options));
    expect(open).toHaveBeenCalledTimes(2);
    expect(fast.map(({ input }) => input.dropped.lines)).toEqual([0, 0, 0, 0, 0, 1, 0]);
  });

  test("keeps maxWords while a kernel takes over", async () => {
    const intervals = [[utf8("b a\na\nc\n"), HEAVY, HEAVY, utf8("new\n")], [HEAVY], [utf8("b a\n")]];
    const fast = await batchesOf("bytes", intervals, { maxWords: 20 });
    expect(fast).toEqual(await batchesOf("general", intervals, { maxWords: 20 }));
    expect(fast[0]?.other).toBeGreaterThan(0);
  });

  test("stays as it is where the runtime has no kernel", async () => {
    vi.spyOn(Kernel, "open").mockReturnValue(undefined);
    const intervals = [[HEAVY, HEAVY], [HEAVY]];
    expect(await batchesOf("bytes", intervals)).toEqual(await batchesOf("general", intervals));
  });

  test("gives back a memory that one interval made large", async () => {
    const open = vi.spyOn(Kernel, "open");
    const many = inLines(Array.from({ length: 150_000 }, (_, i) => `word${i} and-a-long-word${i}`));
    const [first, ...rest] = await batchesOf("bytes", [[HEAVY, many], [HEAVY], [HEAVY], [HEAVY]]);
    expect(first?.records.length).toBe(300_016);
    expect(rest.slice(0, 3).map(({ records }) => records.length)).toEqual([716, 716, 716]);
    expect(open).toHaveBeenCalledTimes(2);
  });

  test.each([",", "::", "é", "aa", "😀", "\u0000", "\n", "a\nb", "\ufffd", "\ud83d", "::é"])(
    "splits at %j as strings do, any bytes in any chunks",
    async (separator) => {
      const piece = fc.oneof(
        fc.constantFrom(separator, separator, " ", "a", "b", ":", "é", "😀", "\n", "\r\n").map(utf8),
        fc.uint8Array({ maxLength: 3 }),
      );
      const chunks = fc.array(
        fc.array(piece, { maxLength: 12 }).map((pieces) => Uint8Array.from(pieces.flatMap((each) => [...each]))),
        { maxLength: 4 },
      );
      const same = async (interval: Uint8Array[]): Promise<void> => {
        const [fast, general] = [
          batchesOf("bytes", [interval], { separator }),
          batchesOf("general", [interval], { separator }),
        ];
        expect(await fast).toEqual(await general);
      };
      await fc.assert(fc.asyncProperty(chunks, same), { numRuns: 60 });
    },
  );
});
