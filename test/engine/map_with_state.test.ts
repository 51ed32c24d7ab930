import { describe, expect, test } from "vitest";
import type { State } from "../../src/engine/mod.ts";
import { operate } from "../support/streams.ts";

const pairs = (text: string): (readonly [string, number])[] => text.split("").map((key) => [key, 1] as const);
const count = (key: string, value: number | undefined, state: State<number>): string => {
  if (state.isTimingOut()) return `${key} leaves with ${state.get()}`;
  state.update((state.getOption() ?? 0) + (value ?? 0));
  return `${key}${state.get()}`;
};
const sorted = <T>(batches: readonly (readonly T[])[]): T[][] =>
  batches.map((records) => records.toSorted((a, b) => String(a).localeCompare(String(b))));

describe("mapWithState", () => {
  test("calls for each record, with the state the one before left", async () => {
    const out = await operate([pairs("aba"), pairs(""), pairs("bc")], (stream) => stream.mapWithState(count));
    expect(sorted(out)).toEqual([["a1", "a2", "b1"], [], ["b2", "c1"]]);
  });

  test("begins with the initial states", async () => {
    const initial = [["a", 10] as const, ["z", 5] as const];
    const out = await operate([pairs("ab")], (stream) => stream.mapWithState(count, { initial }).stateSnapshots());
    expect(sorted(out)).toEqual([
      [
        ["a", 11],
        ["b", 1],
        ["z", 5],
      ],
    ]);
  });

  test("gives no record where the function returns undefined, and forgets what it removes", async () => {
    const everyOther = (key: string, _value: number | undefined, state: State<number>): string | undefined => {
      if (!state.exists()) {
        state.update(1);
        return undefined;
      }
      state.remove();
      return key;
    };
    const out = await operate([pairs("aab"), pairs("abb")], (stream) => stream.mapWithState(everyOther));
    expect(sorted(out)).toEqual([["a"], ["b"]]);
  });

  test("lets idle keys go at every tenth batch, with one last call", async () => {
    const batches = Array.from({ length: 21 }, (_, i) => pairs(i === 0 ? "ab" : i % 3 === 0 ? "b" : ""));
    const out = await operate(batches, (stream) => stream.mapWithState(count, { timeoutMs: 5000 }));
    expect(out[9]).toEqual(["b4", "a leaves with 1"]);
    expect(out.flat().filter((record) => record.includes("leaves"))).toHaveLength(1);
  });

  test("keeps apart tuples that are keys by their items", async () => {
    const key = (n: number): readonly [readonly [string, number], number] => [["a", n], 1];
    const batches = [[key(1), key(1), key(2)]];
    const out = await operate(batches, (stream) =>
      stream.mapWithState((_key, _value, state: State<number>) => {
        state.update((state.getOption() ?? 0) + 1);
        return state.get();
      }),
    );
    expect(sorted(out)).toEqual([[1, 1, 2]]);
  });

  test.each([
    [(state: State<number>) => state.get(), "Cannot get the state: it is not set"],
    [
      (state: State<number>) => [state.update(1), state.remove(), state.update(2)],
      "Cannot update the state: it has been removed",
    ],
    [
      (state: State<number>) => [state.update(1), state.remove(), state.remove()],
      "Cannot remove the state: it has been removed",
    ],
  ])("refuses what makes no sense", async (use, message) => {
    const work = operate([pairs("a")], (stream) =>
      stream.mapWithState((_key, _value, state: State<number>) => use(state)),
    );
    await expect(work).rejects.toThrow(message);
  });

  test.each(["update", "remove"] as const)("refuses to %s a state that is timing out", async (what) => {
    const batches = Array.from({ length: 10 }, (_, i) => pairs(i === 0 ? "a" : ""));
    const work = operate(batches, (stream) =>
      stream.mapWithState(
        (_key, _value, state: State<number>) => {
          if (state.isTimingOut()) state[what](1);
          else state.update(1);
        },
        { timeoutMs: 1000 },
      ),
    );
    await expect(work).rejects.toThrow(`Cannot ${what} the state: it is timing out`);
  });
});
