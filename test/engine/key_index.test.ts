import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KeyIndex } from "../../src/engine/key_index.ts";
import { KeyMap } from "../../src/engine/key_map.ts";

const word = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "b", "\u0000", "é", "ÿ", "Ā", "\ud83d"), maxLength: 13 }),
  fc.string({ maxLength: 12 }),
);
const key = fc.oneof(
  { weight: 5, arbitrary: word },
  fc.constantFrom(null, undefined, true, 1, 1n, 0.5, "1"),
  fc.tuple(word),
);

describe("KeyIndex", () => {
  test("gives each key its place, as a map does", () => {
    const same = (keys: unknown[]): void => {
      const index = new KeyIndex<unknown>();
      const places = new KeyMap<unknown, number>();
      for (const each of keys) {
        const place = places.get(each);
        expect(index.find(each)).toBe(place ?? -1);
        if (place !== undefined) continue;
        places.set(each, index.keys.length);
        index.add(each);
      }
      expect(keys.map((each) => index.find(each))).toEqual(keys.map((each) => places.get(each)));
    };
    fc.assert(fc.property(fc.array(key, { maxLength: 200 }), same), { numRuns: 300 });
  });

  test("holds many", () => {
    const index = new KeyIndex<string>();
    for (let i = 0; i < 50_000; i++) index.add(`word${i}`);
    expect(index.find("word49999")).toBe(49_999);
    expect(index.find("word50000")).toBe(-1);
    expect(index.keys.every((each, place) => index.find(each) === place)).toBe(true);
  });

  test("refuses what Python could not hash", () => {
    expect(() => new KeyIndex<unknown>().find({})).toThrow("being of type object");
  });
});
