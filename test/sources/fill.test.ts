import { describe, expect, test } from "vitest";
import { Fill } from "../../src/sources/fill.ts";
import { seededRandom } from "../support/seeded_random.ts";

const FIVE = ["spark streaming dstream", "vier ü", "😀", "x", "hello spark streaming"];
const PERIOD = 2 ** 32;

/** What an emitter says for a seed. */
function wanted(messages: readonly string[], seed: number, lines: number): string {
  const random = seededRandom(seed);
  return Array.from({ length: lines }, () => `${messages[Math.floor(random() * messages.length)]}\n`).join("");
}

/** The next `lines` lines, `atOnce` at a time. */
function said(fill: Fill, lines: number, atOnce: number = Infinity): string {
  const chunks: Buffer[] = [];
  for (let left = lines; left > 0;) {
    const chunk = fill.next(Math.min(left, atOnce));
    chunks.push(Buffer.from(chunk.bytes));
    left -= chunk.lines;
  }
  return Buffer.concat(chunks).toString();
}

/** How far counts are from equal ones; its mean is one less than there are cells. */
function chiSquare(cells: readonly number[], count: number): number {
  const counts = Array.from({ length: count }, () => 0);
  for (const cell of cells) counts[cell]!++;
  const each = cells.length / count;
  return counts.reduce((sum, n) => sum + (n - each) ** 2 / each, 0);
}

const choices = (fill: Fill, lines: number): number[] =>
  said(fill, lines)
    .trimEnd()
    .split("\n")
    .map((line) => FIVE.indexOf(line));

describe("Fill", () => {
  test.each([1, 2, 3, 100, 127, 4000, Infinity])("says an emitter's lines, %d at a time", (atOnce) => {
    expect(said(new Fill(FIVE, 7), 30_000, atOnce) === wanted(FIVE, 7, 30_000)).toBe(true);
  });

  test("copies lines of every length, those among them that no block holds", () => {
    const lengths = [...Array.from({ length: 100 }, (_, i) => i + 1), 131_070, 131_071, 131_072, 1024 * 1024];
    const messages = lengths.map((length, i) => String.fromCharCode(97 + (i % 26)).repeat(length));
    expect(said(new Fill(messages, 3), 500) === wanted(messages, 3, 500)).toBe(true);
  });

  test("says a single line again and again", () => {
    expect(said(new Fill(["a"], 1), 200_000)).toBe("a\n".repeat(200_000));
  });

  test("says lines of a file of 100 000", () => {
    const messages = Array.from({ length: 100_000 }, (_, i) => `line ${i} ${"-".repeat(i % 150)}`);
    expect(said(new Fill(messages, 2 ** 32 - 1), 50_000) === wanted(messages, 2 ** 32 - 1, 50_000)).toBe(true);
  });

  test("chooses every line as often, whatever came before it", () => {
    const chosen = choices(new Fill(FIVE, 11), 500_000);
    // Of a thousand fair runs one is above 18.5 with 5 cells, and above 51.2 with 25.
    expect(chiSquare(chosen, 5)).toBeLessThan(18.5);
    for (const apart of [1, 2, 3, 7, 128, 5825]) {
      const pairs = chosen.slice(apart).map((choice, i) => choice * 5 + chosen[i]!);
      expect(chiSquare(pairs, 25)).toBeLessThan(51.2);
    }
  });

  test("does not begin again after 2^32 lines", () => {
    const first = choices(new Fill(FIVE, 5), 200_000);
    for (const periods of [1, 2]) {
      const later = choices(new Fill(FIVE, 5, periods * PERIOD), 200_000);
      expect(chiSquare(later, 5)).toBeLessThan(18.5);
      expect(
        chiSquare(
          later.map((choice, i) => choice * 5 + first[i]!),
          25,
        ),
      ).toBeLessThan(51.2);
    }
    const over = said(new Fill(FIVE, 5, PERIOD - 100), 200);
    expect(over).toBe(said(new Fill(FIVE, 5, PERIOD - 100), 100) + said(new Fill(FIVE, 5, PERIOD), 100));
  });
});
