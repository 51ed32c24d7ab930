import { describe, expect, test } from "vitest";
import { partitionOf } from "../../src/engine/portable_hash.ts";
import { sparkOrder } from "../../src/engine/spark_order.ts";
import { siphash13 } from "../../src/engine/siphash.ts";
import { utf8 } from "../support/bytes.ts";

describe("siphash13 is CPython's hash with seed 0", () => {
  // Values printed by CPython 3.11: PYTHONHASHSEED=0 python3 -c 'print(hash("a"))'
  test.each([
    ["a", 4644417185603328019n],
    ["hello", -2096571579003691106n],
    ["world", -475782244006751628n],
    ["to", 3197989230922105892n],
    ["be", 5886548746839638715n],
    ["not", 6918555905328363895n],
  ])("%s", (word, hash) => {
    const [hi, lo] = siphash13(utf8(word));
    expect(BigInt.asIntN(64, (BigInt(hi) << 32n) | BigInt(lo))).toBe(hash);
  });
});

describe("partitionOf is portable_hash modulo the partitions", () => {
  test.each([
    ["", 0, 0],
    ["a", 1, 3],
    ["hello", 0, 2],
    ["world", 0, 0],
    ["to", 0, 0],
    ["or", 1, 1],
    ["naïve", 1, 3],
    ["日本語", 0, 2],
    ["😀", 0, 0],
  ])("%j", (word, ofTwo, ofFour) => {
    expect([partitionOf(word, 2), partitionOf(word, 4)]).toEqual([ofTwo, ofFour]);
  });
});

describe("sparkOrder", () => {
  // The three batches of the seed's transcript, a real PySpark's.
  test.each([
    [
      ["hello spark streaming", "spark spark streaming"],
      ["hello", "streaming", "spark"],
    ],
    [
      ["stream processing with spark", "big data spark"],
      ["with", "big", "stream", "processing", "spark", "data"],
    ],
    [
      ["big data spark", "hello spark streaming", "big data spark"],
      ["big", "hello", "streaming", "data", "spark"],
    ],
  ])("prints %j as the seed's Spark did", (lines, printed) => {
    const words = [...new Set(lines.flatMap((line) => line.split(" ")))];
    expect(sparkOrder(words).map((place) => words[place])).toEqual(printed);
  });
});
