import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run, type Batches, type Chain } from "./interpret.ts";

/** Chains that generate.py made, with what chains.py recorded of a real PySpark; one a line. */
const RECORDED = (await readFile(join(import.meta.dirname, "chains.jsonl"), "utf8"))
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line) as [Chain, Batches[]]);
const named = RECORDED.map(([chain, outputs], i) => ({
  name: `${i + 1}: ${chain.nodes.map(({ op, of }) => `${op} of ${of.join(" and ")}`).join(", ")}`,
  chain,
  outputs,
}));

test("there are many chains", () => {
  expect(RECORDED.length).toBeGreaterThanOrEqual(500);
});

test.each(named)("as PySpark: chain $name", async ({ chain, outputs }) => {
  expect(await run(chain)).toEqual(outputs);
});
