import { describe, expect, test } from "vitest";
import { compare, median } from "../../bench/harness.ts";

describe("compare", () => {
  test("runs the contenders in turn and gives medians and their ratios to the first", async () => {
    const order: string[] = [];
    const contender = (name: string, speeds: number[]): Parameters<typeof compare>[0][number] => ({
      name,
      run() {
        order.push(name);
        return Promise.resolve({ speed: speeds.shift() ?? 0 });
      },
    });
    const rows = await compare([contender("a", [10, 30, 20]), contender("b", [5, 50, 10])], 3);
    expect(order).toEqual(["a", "b", "a", "b", "a", "b"]);
    expect(rows.map(({ name, median: middle, ofFirst }) => [name, middle, ofFirst])).toEqual([
      ["a", { speed: 20 }, { speed: 1 }],
      ["b", { speed: 10 }, { speed: 0.5 }],
    ]);
  });

  test("lets a slow contender take part in fewer rounds", async () => {
    let runs = 0;
    const run = (): Promise<{ speed: number }> => Promise.resolve({ speed: ++runs });
    const [, slow] = await compare(
      [
        { name: "a", run: () => Promise.resolve({ speed: 1 }) },
        { name: "slow", rounds: 2, run },
      ],
      4,
    );
    expect(slow?.rounds).toEqual([{ speed: 1 }, { speed: 2 }]);
    expect(slow?.median).toEqual({ speed: 1.5 });
  });
});

test("median is the middle value, or the mean of the two in the middle", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});
