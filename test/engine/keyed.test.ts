import { describe, expect, test } from "vitest";
import { Keyed } from "../../src/engine/keyed.ts";
import { pyList } from "../../src/engine/python_literal.ts";

/** The keys that are left of some, each once. */
function distinct(keys: readonly unknown[]): unknown[] {
  const keyed = new Keyed<unknown, number>();
  for (const key of keys) keyed.merge(key, 1, { create: (value: number) => value, merge: (a, b) => a + b });
  return keyed.entries.map(([key]) => key);
}

describe("Keyed has one entry for keys that Python holds equal", () => {
  test.each([
    [[1, true, 1n], [1]],
    [[false, 0, -0, 0n], [false]],
    [
      ["1", 1, "true", true],
      ["1", 1, "true"],
    ],
    [
      [null, undefined, "null", "None"],
      [null, "null", "None"],
    ],
    [
      [[1], [true], ["1"], [[1]], 1],
      [[1], ["1"], [[1]], 1],
    ],
    [
      [[null], [undefined], [], [[]], ["null"]],
      [[null], [], [[]], ["null"]],
    ],
    [
      [["a", "b"], ["a,b"], ['a","b'], ["a"]],
      [["a", "b"], ["a,b"], ['a","b'], ["a"]],
    ],
    [
      [2n ** 53n, 2 ** 53, 2n ** 53n + 1n],
      [2n ** 53n, 2n ** 53n + 1n],
    ],
  ])("%o", (keys, left) => {
    expect(distinct(keys)).toEqual(left);
  });

  test.each([[{}], [pyList([])], [["a", pyList([1])]], [() => 1]])("%o cannot be one", (key) => {
    expect(() => distinct([key])).toThrow("Cannot use this as a key");
  });
});
