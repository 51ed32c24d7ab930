import { describe, expect, test } from "vitest";
import { partitionOf } from "../../src/engine/portable_hash.ts";
import { pyList } from "../../src/engine/python_literal.ts";

describe("partitionOf goes by PySpark's portable_hash", () => {
  // Printed by CPython 3.11 with PYTHONHASHSEED=0; a modulus as large as can be shows most of the hash.
  test.each([
    [1, 1n],
    [-1, -2n],
    [0, 0n],
    [-7, -7n],
    [2 ** 53, 9007199254740992n],
    [2 ** 61, 1n],
    [0.5, 1152921504606846976n],
    [-0.5, -1152921504606846976n],
    [1.5, 1152921504606846977n],
    [9.80665, 1860008263382224905n],
    [1e-9, 492745038782029633n],
    [123456789.125, 288230376275168533n],
    [-2.75, -1729382256910270466n],
    [1e300, 1224995262755759164n],
    [true, 1n],
    [false, 0n],
    [null, 0n],
    [["a", 1], 102774922574124034n],
    [["a", ["b", null]], 1448104471556345709n],
    [[], 3430008n],
    [[1, 2, 3], 6160245872019252139n],
    [["a"], 2129697987106839552n],
    ["", 0n],
    ["a", 4644417185603328019n],
    ["hello", -2096571579003691106n],
    ["naïve", 7682306841811832039n],
    ["日本語", 7116994712188270n],
    ["😀", -3536540696076613844n],
  ])("%j", (key, hash) => {
    for (const n of [2, 3, 7, 1_000_003, 2 ** 50]) {
      const modulus = BigInt(n);
      expect(partitionOf(key, n)).toBe(Number(((hash % modulus) + modulus) % modulus));
    }
  });

  test("refuses a key that Python could not hash", () => {
    expect(() => partitionOf({ a: 1 }, 2)).toThrow("being of type object");
    expect(() => partitionOf(pyList(["a"]), 1)).toThrow("being a list");
    expect(() => partitionOf(["a", pyList([])], 2)).toThrow("being a list");
  });
});
