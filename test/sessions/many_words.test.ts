import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Steps } from "../../src/clock.ts";
import { decodeCounted, type CountedBytes } from "../../src/engine/counted.ts";
import { WordCounts } from "../../src/sessions/counts.ts";
import { ManyWords } from "../../src/sessions/many_words.ts";
import { hashing } from "../support/sessions.ts";

/** Does all steps; gives what comes of it, and how large each was. */
function done<T>(steps: Steps<T>): { value: T; units: number[] } {
  const units: number[] = [];
  for (;;) {
    const step = steps.next();
    if (step.done === true) return { value: step.value, units };
    units.push(step.value);
  }
}

/** Words as a counter gives them: each once, as bytes without line ends. */
function countedOf(words: readonly Uint8Array[], countOf: (i: number) => number): CountedBytes {
  const once = [...new Map(words.map((word) => [Buffer.from(word).toString("hex"), word])).values()];
  return {
    bytes: new Uint8Array(Buffer.concat(once.flatMap((word) => [word, Uint8Array.of(0x0a)]))),
    counts: Float64Array.from(once, (_, i) => countOf(i)),
    other: 0,
  };
}

/** Both ways of holding the same counts are to say the same. */
function expectSame(counted: CountedBytes): void {
  const { words, counts } = decodeCounted(counted);
  const few = new WordCounts(words.map((word, i) => [word, counts[i] ?? 0] as const));
  const many = done(ManyWords.of(counted)).value;
  const json = JSON.stringify(few.top());
  expect(many.size).toBe(few.size);
  expect(Buffer.concat([...many.json()]).toString()).toBe(json);
  expect(done(many.hash(hashing.newHash())).value).toBe(hashing.digest(json));
  expect(JSON.stringify(many.top())).toBe(json);
  expect(words.length > few.size || words.every((word, place) => many.at(place)[0] === word)).toBe(true);
  expect(Buffer.concat([...many.json(3)]).toString()).toBe(JSON.stringify(few.top(3)));
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const without = (bytes: Uint8Array): Uint8Array => bytes.filter((byte) => byte !== 0x0a && byte !== 0x0d);

describe("ManyWords says what WordCounts says", () => {
  test.each([
    ["nothing at all", []],
    ["the empty word", [""]],
    ["words that begin with others", ["", "a", "a\0", "a\0\0", "a\0\0\0\0\0\0", "a\0\0\0\0\0\0b", "ab", "a\u0001"]],
    ["all that JSON escapes", Array.from({ length: 0xff }, (_, i) => `${String.fromCodePoint(i)}"\\/`)],
    ["all planes", ["\uffff", "\ue000", "\ud7ff", "😀", "\u{10ffff}", "é", "\u2028", "\ufeff", "\u{10000}"]],
    ["words alike in their first bytes", Array.from({ length: 40 }, (_, i) => `${"x".repeat(600)}${i}`)],
    ["only zeros", Array.from({ length: 40 }, (_, i) => "\0".repeat(i * 9))],
    ["one long word", ["y".repeat(300_000), "z"]],
  ])("of %s", (_, words) => {
    for (const countOf of [() => 1, (i: number) => i % 3, (i: number) => 2 ** (i % 53)])
      expectSame(countedOf(words.map(utf8).map(without), countOf));
  });

  test("of words that differ only in bytes that are not UTF-8", () => {
    const hostile = [
      [0xff],
      [0xfe],
      [0xef, 0xbf, 0xbd],
      [0xed, 0xa0, 0x80],
      [0xc3],
      [0x61, 0xff],
      [0x61],
      [0xc3, 0x28],
    ];
    expectSame(
      countedOf(
        hostile.map((bytes) => Uint8Array.from(bytes)),
        (i) => i + 1,
      ),
    );
  });

  test("of any bytes", () => {
    const few = fc.constantFrom(0x00, 0x61, 0x62, 0x22, 0xc3, 0xa9, 0xed, 0xa0, 0x80, 0xf0, 0x9f, 0x98, 0xff);
    const word = fc
      .array(fc.oneof(few, fc.nat(255)), { maxLength: 12 })
      .map((bytes) => without(Uint8Array.from(bytes)));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), fc.nat(4), (words, spread) => {
        expectSame(countedOf(words, (i) => 1 + (i % (spread + 1))));
      }),
      { numRuns: 300 },
    );
  });

  test("of any texts, in many words", () => {
    const word = fc.string({
      unit: fc.oneof(fc.constantFrom("a", "b", "é"), fc.string({ unit: "binary", minLength: 1, maxLength: 1 })),
    });
    fc.assert(
      fc.property(fc.array(word, { minLength: 200, maxLength: 400 }), fc.nat(), (words, prefix) => {
        const start = "p".repeat(prefix % 20);
        expectSame(
          countedOf(
            words.map((text) => without(utf8(start + text))),
            (i) => 1 + (i % 5),
          ),
        );
      }),
      { numRuns: 8 },
    );
  });

  test.each([
    ["random", (i: number) => (Math.imul(i + 1, 2_654_435_761) >>> 0).toString(36)],
    ["alike but for their ends", (i: number) => `${"common".repeat(6)}${i}`],
    ["of few letters", (i: number) => i.toString(2)],
  ])("of 40 000 %s words, in bounded steps", (_, wordOf) => {
    const counted = countedOf(
      Array.from({ length: 40_000 }, (_word, i) => utf8(wordOf(i))),
      (i) => 1 + Math.floor(40_000 / (1 + (Math.imul(i, 7919) % 40_009))),
    );
    expectSame(counted);
    const { value, units } = done(ManyWords.of(counted));
    expect(Math.max(...units)).toBeLessThanOrEqual(2 ** 17);
    expect(units.reduce((sum, unit) => sum + unit, 0)).toBeGreaterThan(8 * 40_000);
    expect(Math.max(...done(value.hash(hashing.newHash())).units)).toBeLessThanOrEqual(2 ** 16);
  });
});
