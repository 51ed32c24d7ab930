import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { StreamingContext, type DStream } from "../../src/engine/mod.ts";
import { WordCount } from "../../src/engine/word_count.ts";
import { HandReceiver } from "../support/bytes.ts";
import { ManualClock } from "../support/manual_clock.ts";

type Chain = (lines: DStream<string>) => DStream<string>;

/** The batch of a word count, and whether it was counted on the bytes. */
async function counted(chain: Chain, chunks: readonly Uint8Array[]): Promise<{ records: unknown; onBytes: boolean }> {
  const onBytes = vi.spyOn(WordCount.prototype, "take");
  const clock = new ManualClock();
  const receiver = new HandReceiver();
  const context = new StreamingContext({ batchInterval: 1000, clock });
  let records: unknown;
  chain(context.lines(receiver))
    .map((word): [string, number] => [word, 1])
    .reduceByKey((a, b) => a + b)
    .forEachBatch(({ rdd }) => (records = rdd.collect()));
  await context.start();
  for (const chunk of chunks) receiver.write(chunk);
  receiver.end();
  await clock.advance(1000);
  await context.stop();
  const calls = onBytes.mock.calls.length;
  onBytes.mockRestore();
  return { records, onBytes: calls > 0 };
}

/** Of filtered lines nothing is told. */
const opaque: Chain = (lines) => lines.filter(() => true);

const CHAINS: readonly Chain[] = [
  (lines) => lines.flatMap((line) => line.split(" ")).map((word) => word.toLowerCase()),
  (lines) => lines.flatMap((line) => line.toLowerCase().split(" ")).filter((word) => word.length > 2),
  (lines) => lines.map((line) => line.toUpperCase()).flatMap((line) => line.split(",")),
  (lines) => lines.flatMap((line) => line.split(" ")).filter((word) => word !== ""),
  (lines) => lines.flatMap((line) => line.split(/\s+/)).filter(Boolean),
  (lines) => lines.flatMap((line) => line.split(/ +/)).filter((word) => word.length > 0),
  (lines) => lines.flatMap((line) => line.trim().toLowerCase().split(/\s+/)).filter((word) => !!word),
  (lines) =>
    lines
      .flatMap(function (line) {
        return line.split("::");
      })
      .map((word) => word.trim().toUpperCase())
      .filter((w) => w.length <= 3),
];

const piece = fc.oneof(
  fc.constantFrom(
    " ",
    "  ",
    ",",
    "::",
    "\t",
    "\u00a0",
    "\ufeff",
    "\n",
    "\r\n",
    "\r",
    "a",
    "A",
    "Ab",
    "ΑΣ",
    "ΟΔΟΣ",
    "ß",
    "İ",
    "é",
    "'",
    ".",
  ),
  fc.string({ unit: "binary", maxLength: 3 }),
);
const hostile = fc.oneof(
  piece.map((text) => new TextEncoder().encode(text)),
  fc.uint8Array({ maxLength: 3 }),
);
const chunks = fc.array(
  fc.array(hostile, { maxLength: 14 }).map((parts) => Uint8Array.from(parts.flatMap((part) => [...part]))),
  { maxLength: 5 },
);

describe("a word count whose functions are pure by their text is counted on the bytes", () => {
  test.each(CHAINS.map((chain) => [String(chain).replaceAll(/\s+/g, " "), chain] as const))("%s", async (_, chain) => {
    const same = async (bytes: Uint8Array[]): Promise<void> => {
      const [fast, plain] = [await counted(chain, bytes), await counted((lines) => chain(opaque(lines)), bytes)];
      expect([fast.onBytes, plain.onBytes]).toEqual([true, false]);
      expect(fast.records).toEqual(plain.records);
    };
    await fc.assert(fc.asyncProperty(chunks, same), { numRuns: 60 });
  });
});

describe("it is not where a text does not say enough", () => {
  const seen: string[] = [];
  test.each<[string, Chain]>([
    ["blank words may be where bytes do not tell", (lines) => lines.flatMap((line) => line.split(/\s+/))],
    ["a word in the midst is not trimmed", (lines) => lines.flatMap((line) => line.trim().split(" ")).filter(Boolean)],
    ["a point is looked through for the case of a letter", (lines) => lines.flatMap((l) => l.toLowerCase().split("."))],
    ["a separator may be trimmed away", (lines) => lines.map((line) => line.trim()).flatMap((line) => line.split(" "))],
    ["a name is not the parameter", (lines) => lines.flatMap((line) => line.split(" ")).filter(() => seen.length > 0)],
    ["it does more", (lines) => lines.flatMap((l) => l.split(" ")).map((w) => (seen.push(w), w.toLowerCase()))],
    ["a method is not known", (lines) => lines.flatMap((line) => line.split(" ")).map((word) => word.normalize())],
    ["lines are filtered", (lines) => lines.filter((l) => l.length > 2).flatMap((line) => line.split(" "))],
  ])("%s", async (_, chain) => {
    expect(await counted(chain, [new TextEncoder().encode(" a b\n")])).toMatchObject({ onBytes: false });
  });
});
