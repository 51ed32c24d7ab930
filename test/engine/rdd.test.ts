import { describe, expect, test } from "vitest";
import { RDD } from "../../src/engine/mod.ts";

const words = new RDD([["b", "a"], [], ["c", "a"]]);
const left = RDD.of<readonly [string, number]>([
  ["a", 1],
  ["b", 2],
  ["a", 3],
]);
const right = RDD.of<readonly [string, string]>([
  ["a", "x"],
  ["c", "y"],
]);
const sorted = (rdd: RDD<unknown>): string[] =>
  rdd
    .collect()
    .map((record) => JSON.stringify(record))
    .toSorted();

describe("RDD", () => {
  test("gives its records, partition by partition", () => {
    expect(words.collect()).toEqual(["b", "a", "c", "a"]);
    expect([words.count(), words.first(), words.getNumPartitions(), words.isEmpty()]).toEqual([4, "b", 3, false]);
    expect(words.take(3)).toEqual(["b", "a", "c"]);
    expect(words.takeOrdered(2, (word) => word)).toEqual(["a", "a"]);
    expect(words.reduce((a, b) => a + b)).toBe("baca");
    const seen: string[] = [];
    words.foreach((word) => seen.push(word));
    expect(seen).toEqual(words.collect());
  });

  test("says that it is empty", () => {
    const empty = new RDD<number>([[], []]);
    expect(empty.isEmpty()).toBe(true);
    expect(() => empty.first()).toThrow("the RDD is empty");
    expect(() => empty.reduce((a, b) => a + b)).toThrow("the RDD is empty");
  });

  test("has keys, values and distinct records", () => {
    expect(left.keys().collect()).toEqual(["a", "b", "a"]);
    expect(left.values().collect()).toEqual([1, 2, 3]);
    expect(sorted(words.distinct())).toEqual(['"a"', '"b"', '"c"']);
    expect(left.sortByKey().collect()).toEqual([
      ["a", 1],
      ["a", 3],
      ["b", 2],
    ]);
  });

  test("joins, with null for what is missing", () => {
    expect(sorted(left.join(right))).toEqual(['["a",[1,"x"]]', '["a",[3,"x"]]']);
    expect(sorted(left.leftOuterJoin(right))).toEqual(['["a",[1,"x"]]', '["a",[3,"x"]]', '["b",[2,null]]']);
    expect(sorted(left.rightOuterJoin(right))).toEqual(['["a",[1,"x"]]', '["a",[3,"x"]]', '["c",[null,"y"]]']);
    expect(sorted(left.fullOuterJoin(right)).length).toBe(4);
  });

  test("makes as many partitions as what it is made of has, unless told", () => {
    expect(left.reduceByKey((a, b) => a + b).getNumPartitions()).toBe(1);
    expect(left.groupByKey(3).getNumPartitions()).toBe(3);
    expect(left.join(right).getNumPartitions()).toBe(2);
    expect(left.partitionBy(4).join(right.partitionBy(4)).getNumPartitions()).toBe(4);
  });
});
