import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { State } from "../../../src/engine/mod.ts";
import { operate } from "../../support/streams.ts";

/** What Record.java wrote of a real Spark: records sorted, as neither side promises an order. */
interface Fixture {
  readonly function: "count" | "third" | "values" | "first";
  /** 0: none. */
  readonly timeoutBatches: number;
  readonly snapshots: boolean;
  readonly initial: readonly (readonly [string, number])[];
  /** Keys of one letter; the value of each is its place. */
  readonly batches: readonly string[];
  readonly outputs: readonly (readonly string[])[];
}

type Call = (key: string, value: number | undefined, state: State<number>) => string;

const FUNCTIONS: Readonly<Record<Fixture["function"], Call>> = {
  count(key, value, state) {
    if (state.isTimingOut()) return `${key} leaves with ${state.get()}${value === undefined ? "" : "!"}`;
    state.update((state.getOption() ?? 0) + 1);
    return `${key}${state.get()}`;
  },
  third(key, _value, state) {
    if (state.isTimingOut()) return `${key} leaves with ${state.get()}`;
    const n = (state.getOption() ?? 0) + 1;
    if (n < 3) state.update(n);
    else if (state.exists()) state.remove();
    return `${key}${n}${state.exists()}`;
  },
  values(key, value, state) {
    state.update((state.getOption() ?? 0) * 10 + (value ?? Number.NaN));
    return `${key}${state.get()}`;
  },
  first(key, value, state) {
    if (state.isTimingOut()) return `${key} leaves with ${state.get()}`;
    if (!state.exists()) state.update(value ?? Number.NaN);
    return `${key}${state.get()}`;
  },
};

const FIXTURES = JSON.parse(await readFile(join(import.meta.dirname, "fixtures.json"), "utf8")) as Readonly<
  Record<string, Fixture>
>;

test.each(Object.entries(FIXTURES))("mapWithState as Spark: %s", async (_name, fixture) => {
  const { batches, initial, timeoutBatches, snapshots, outputs } = fixture;
  const timeout = timeoutBatches === 0 ? {} : { timeoutMs: timeoutBatches * 1000 };
  const keys = batches.map((text) => Array.from(text, (key, i): readonly [string, number] => [key, i]));
  const out = await operate(keys, (stream) => {
    const mapped = stream.mapWithState(FUNCTIONS[fixture.function], { initial, ...timeout });
    return snapshots ? mapped.stateSnapshots().map(([key, state]) => `${key}=${state}`) : mapped;
  });
  // oxlint-disable-next-line typescript/require-array-sort-compare -- by code unit, as Java sorts
  expect(out.map((records) => records.toSorted())).toEqual(outputs);
});
