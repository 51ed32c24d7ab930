import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { StreamingContext, pythonLiteral, type DStream } from "../../src/engine/mod.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { CASES } from "./cases.ts";

const BATCH = 1000;

type Lists = readonly (readonly unknown[])[];

/** What record.py wrote of a real PySpark. */
interface Fixture {
  readonly inputs: Lists | { readonly left: Lists; readonly right: Lists };
  /** The records of each batch; null: the stream had none to give, not even an empty list. */
  readonly outputs: readonly (readonly string[] | null)[];
}

const FIXTURES = JSON.parse(await readFile(join(import.meta.dirname, "fixtures.json"), "utf8")) as Readonly<
  Record<string, Fixture>
>;
const recorded = Object.keys(FIXTURES);

test("every recorded case is replayed, and no other", () => {
  expect(Object.keys(CASES).toSorted()).toEqual(recorded.toSorted());
});

test.each(recorded)("as PySpark: %s", async (name) => {
  const { inputs, outputs } = FIXTURES[name]!;
  expect(await replay(name, inputs, outputs.length)).toEqual(outputs);
});

async function replay(name: string, inputs: Fixture["inputs"], batches: number): Promise<(string[] | null)[]> {
  const clock = new ManualClock();
  const context = new StreamingContext({ batchInterval: BATCH, clock, partitions: 2 });
  const { left, right } = "left" in inputs ? inputs : { left: inputs, right: [] };
  const stream: DStream<unknown> = CASES[name]!({ left: context.queueStream(left), right: context.queueStream(right) });
  const outputs: (string[] | null)[] = Array.from({ length: batches }, () => null);
  let start = 0;
  stream.foreachRDD((rdd, time) => {
    outputs[(time - start) / BATCH] = rdd.collect().map((record) => pythonLiteral(record));
  });
  await context.start();
  start = context.nextBatchTime;
  await clock.advance(batches * BATCH);
  await context.stop();
  return outputs;
}
