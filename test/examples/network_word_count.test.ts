import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { Emitter } from "../../src/sources/mod.ts";

test("the seed's program counts what the emitter says, in Spark's form", { timeout: 30_000 }, async () => {
  const messages = ["big data spark", "stream processing with spark"];
  const emitter = new Emitter({
    clock: systemClock,
    messages,
    host: "127.0.0.1",
    port: 0,
    intervalMs: 20,
    maxLines: 30,
  });
  await emitter.listen();
  const args = ["examples/network_word_count.ts", "127.0.0.1", String(emitter.port), "1.5", "0.5"];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args);
  await emitter.close();
  const batches = stdout.split(/^-+\nTime: .*\n-+\n/m).slice(1);
  expect(batches.length).toBeGreaterThanOrEqual(3);
  const counts = [...stdout.matchAll(/^\('([a-z]+)', (\d+)\)$/gm)];
  const total = (word: string): number =>
    counts.filter(([, each]) => each === word).reduce((sum, [, , count]) => sum + Number(count), 0);
  expect([total("spark"), total("big") + total("stream"), emitter.sent.lines]).toEqual([30, 30, 30]);
  expect(stderr).toMatch(new RegExp(`^sluice: Connected to 127.0.0.1:${emitter.port}\n`));
});
