import { describe, expect, test } from "vitest";
import { pyList, pythonLiteral } from "../../src/engine/python_literal.ts";

describe("pythonLiteral", () => {
  // Printed by CPython 3.11's repr.
  test.each([
    [1, "1"],
    [-0.25, "-0.25"],
    [0.1, "0.1"],
    [1e-5, "1e-05"],
    [0.0001, "0.0001"],
    [1.5e-7, "1.5e-07"],
    [1e-10, "1e-10"],
    [5e-324, "5e-324"],
    [123456.789, "123456.789"],
    [1e21, "1000000000000000000000"],
    [Number.NaN, "nan"],
    [-Infinity, "-inf"],
    [true, "True"],
    [false, "False"],
    [null, "None"],
    [undefined, "None"],
    [["a", 1], "('a', 1)"],
    [["a"], "('a',)"],
    [[], "()"],
    [["a", ["b", [null, 2.5]]], "('a', ('b', (None, 2.5)))"],
    [pyList(["a", ["b", 1]]), "['a', ('b', 1)]"],
    [pyList([]), "[]"],
    [2n ** 53n + 1n, "9007199254740993"],
  ])("%o", (value, literal) => {
    expect(pythonLiteral(value)).toBe(literal);
  });
});
