import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, test } from "vitest";

/** What one batch of two lines costs is more than this for each of the 360 batches between the quarters. */
const MOST_GROWTH_BYTES = 256 * 1024;

/** How much more memory the last quarter of an hour takes than the second, as medians, in bytes. */
async function growth(...args: readonly string[]): Promise<number> {
  const hour = join(import.meta.dirname, "hour.ts");
  // Code that V8 drops some time, as it was not run for long, would hide what grows.
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", "--no-flush-bytecode", hour, ...args]);
  const { used } = JSON.parse(stdout) as { used: number[] };
  const quarter = used.length / 4;
  const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
  return median(used.slice(3 * quarter)) - median(used.slice(quarter, 2 * quarter));
}

describe.concurrent("memory", () => {
  test("is flat over an hour", { timeout: 120_000 }, async ({ expect }) => {
    expect(await growth()).toBeLessThan(MOST_GROWTH_BYTES);
  });

  test("grows where each batch leaves something behind, and it is seen", { timeout: 120_000 }, async ({ expect }) => {
    expect(await growth("leak")).toBeGreaterThan(MOST_GROWTH_BYTES);
  });
});
