import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareCodePoints } from "../../src/engine/mod.ts";
import { WordCounts } from "../../src/sessions/counts.ts";

describe("WordCounts", () => {
  test("sorts by count, then by code point", () => {
    const counts = new WordCounts([
      ["b", 1],
      ["😀", 2],
      ["\uffee", 2],
      ["a", 1],
      ["", 1],
      ["Z", 3],
    ]);
    expect(counts.top().map(([word]) => word)).toEqual(["Z", "\uffee", "😀", "", "a", "b"]);
    expect(counts.top(2)).toEqual([
      ["Z", 3],
      ["\uffee", 2],
    ]);
    expect(counts.size).toBe(6);
  });

  test("keeps words that objects cannot hold", () => {
    const words = ["__proto__", "constructor", "10", "9", "toString"];
    const counts = new WordCounts(words.map((word) => [word, 1] as const));
    expect(words.map((_, place) => counts.at(place)[0])).toEqual(words);
  });
});

test("compareCodePoints orders as the code points do", () => {
  const points = (text: string): number[] => Array.from(text, (character) => character.codePointAt(0)!);
  const byPoints = (a: number[], b: number[]): number => {
    for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
    return a.length - b.length;
  };
  const text = fc.string({
    unit: fc.oneof(
      fc.constantFrom("a", "b", "\ue000", "\uffff", "😀", "\u{10ffff}"),
      fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    ),
  });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareCodePoints(a, b))).toBe(Math.sign(byPoints(points(a), points(b))));
    }),
  );
});
