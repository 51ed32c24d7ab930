import { describe, expect, test } from "vitest";
import { pprint, pythonTime } from "../../src/engine/pprint.ts";
import { pythonRepr } from "../../src/engine/python_literal.ts";

const RULE = "-".repeat(43);
const time = new Date(2026, 0, 21, 21, 25, 30).getTime();

describe("pprint", () => {
  test("prints the seed's first batch as its Spark did", () => {
    const records = [
      ["hello", 1],
      ["streaming", 2],
      ["spark", 3],
    ] as const;
    expect(pprint({ time, records, more: false })).toBe(
      `${RULE}\nTime: 2026-01-21 21:25:30\n${RULE}\n('hello', 1)\n('streaming', 2)\n('spark', 3)\n\n`,
    );
  });

  test("prints header and empty line of an empty batch", () => {
    expect(pprint({ time, records: [], more: false })).toBe(`${RULE}\nTime: 2026-01-21 21:25:30\n${RULE}\n\n`);
  });

  test("says ... when there are more", () => {
    expect(pprint({ time, records: [["a", 1]], more: true })).toMatch(/\('a', 1\)\n\.\.\.\n\n$/);
  });
});

test("pythonTime prints six decimals when the second is not whole", () => {
  expect(pythonTime(time + 500)).toBe("2026-01-21 21:25:30.500000");
  expect(pythonTime(time + 7)).toBe("2026-01-21 21:25:30.007000");
});

describe("pythonRepr", () => {
  // Printed by CPython 3.11's repr.
  test.each([
    ["", "''"],
    ["it's", `"it's"`],
    [`it's "x"`, `'it\\'s "x"'`],
    ['"x"', `'"x"'`],
    ["a\\b\tc\nd\re", "'a\\\\b\\tc\\nd\\re'"],
    ["\u001b[31m", "'\\x1b[31m'"],
    ["\u00a0\ufeff", "'\\xa0\\ufeff'"],
    ["\u202e\u200b", "'\\u202e\\u200b'"],
    ["😀é日", "'😀é日'"],
    ["\u{e0001}", "'\\U000e0001'"],
    ["\u0000\u007f\u0085", "'\\x00\\x7f\\x85'"],
  ])("%j", (text, repr) => {
    expect(pythonRepr(text)).toBe(repr);
  });
});
