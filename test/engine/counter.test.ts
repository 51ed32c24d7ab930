import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Counted } from "../../src/engine/counted.ts";
import { WordCounter, type CounterLimits } from "../../src/engine/counter.ts";
import { decodeUtf8 } from "../../src/engine/utf8.ts";
import { utf8 } from "../support/bytes.ts";

const NO_LIMITS: CounterLimits = { maxWords: Infinity, maxWordBytes: 2 ** 30 };

function count(lines: readonly (string | Uint8Array)[], limits: CounterLimits = NO_LIMITS): Counted {
  const counter = new WordCounter(utf8(" "), limits);
  for (const line of lines) {
    const bytes = typeof line === "string" ? utf8(line) : line;
    counter.line(bytes, 0, bytes.length);
  }
  return counter.take();
}

function pairs({ words, counts }: Counted): [string, number][] {
  return words.map((word, i) => [word, counts[i] ?? 0]);
}

/** The same, the plain way. */
function naive(lines: readonly Uint8Array[]): [string, number][] {
  const sums = new Map<string, number>();
  for (const line of lines) for (const word of decodeUtf8(line).split(" ")) sums.set(word, (sums.get(word) ?? 0) + 1);
  return [...sums];
}

describe("WordCounter", () => {
  test("counts words in order of first appearance", () => {
    expect(pairs(count(["spark spark streaming", "big data spark"]))).toEqual([
      ["spark", 3],
      ["streaming", 1],
      ["big", 1],
      ["data", 1],
    ]);
  });

  test("counts the empty words that Python's split gives", () => {
    expect(pairs(count(["", " ", "a  b", " a", "a "]))).toEqual([
      ["", 6],
      ["a", 3],
      ["b", 1],
    ]);
  });

  test("counts nothing when there were no lines", () => {
    expect(count([])).toEqual({ words: [], counts: new Float64Array(0), other: 0 });
  });

  test("starts anew after a take", () => {
    const counter = new WordCounter(utf8(" "), NO_LIMITS);
    counter.line(utf8("a b"), 0, 3);
    counter.take();
    counter.line(utf8("b"), 0, 1);
    expect(pairs(counter.take())).toEqual([["b", 1]]);
  });

  test("makes one word of those that differ only in invalid bytes", () => {
    const lines = [Uint8Array.of(0x61, 0xff), Uint8Array.of(0x61, 0xfe), utf8("a\ufffd")];
    expect(pairs(count(lines))).toEqual([["a\ufffd", 3]]);
  });

  test("counts new words past maxWords, and known ones as ever", () => {
    const counted = count(["a b c a d", "b e"], { ...NO_LIMITS, maxWords: 2 });
    expect(pairs(counted)).toEqual([
      ["a", 2],
      ["b", 2],
    ]);
    expect(counted.other).toBe(3);
  });

  test("counts new words past maxWordBytes", () => {
    const counted = count(["aaaa bbbb c aaaa"], { ...NO_LIMITS, maxWordBytes: 10 });
    expect(pairs(counted)).toEqual([
      ["aaaa", 2],
      ["bbbb", 1],
    ]);
    expect(counted.other).toBe(1);
  });

  test("counts 100 000 distinct words, and few again after them", () => {
    const counter = new WordCounter(utf8(" "), NO_LIMITS);
    for (let i = 0; i < 100_000; i++) {
      const bytes = utf8(`word${i} common`);
      counter.line(bytes, 0, bytes.length);
    }
    const counted = counter.take();
    expect(counted.words.length).toBe(100_001);
    expect(counted.words[1]).toBe("common");
    expect(counted.counts[1]).toBe(100_000);
    counter.line(utf8("few"), 0, 3);
    expect(pairs(counter.take())).toEqual([["few", 1]]);
  });

  test("agrees with split and Map on any bytes", () => {
    const byte = fc.oneof(fc.constantFrom(32, 97, 98, 0xc3, 0xa9, 0xed, 0xa0, 0x80), fc.nat(255));
    const line = fc.array(
      byte.filter((each) => each !== 10 && each !== 13),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(
        fc.array(
          line.map((bytes) => Uint8Array.from(bytes)),
          { maxLength: 20 },
        ),
        (lines) => {
          expect(pairs(count(lines))).toEqual(naive(lines));
        },
      ),
      { numRuns: 500 },
    );
  });

  test.each(["__proto__", "constructor", "toString", "😀", "10", "\u202e", "\u0000"])("takes %j for a word", (word) => {
    expect(pairs(count([`${word} ${word}`]))).toEqual([[word, 2]]);
  });
});
