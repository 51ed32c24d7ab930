import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { Emitter } from "../../src/sources/mod.ts";

interface Run {
  /** The records of each batch, as printed. */
  readonly batches: readonly (readonly string[])[];
  readonly stderr: string;
  readonly emitter: Emitter;
}

/** Runs an example against an emitter of 30 lines, with batches of 0.5 s. */
async function run(example: string, messages: readonly string[]): Promise<Run> {
  const emitter = new Emitter({
    clock: systemClock,
    messages,
    host: "127.0.0.1",
    port: 0,
    intervalMs: 20,
    maxLines: 30,
  });
  await emitter.listen();
  // States are saved in a folder of the current one, where an example saves any.
  const cwd = await mkdtemp(join(tmpdir(), "sluice-example-"));
  const program = join(import.meta.dirname, `../../examples/${example}.ts`);
  const args = [program, "127.0.0.1", String(emitter.port), "1.8", "0.5"];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd });
  await rm(cwd, { recursive: true });
  await emitter.close();
  const batches = stdout.split(/^-+\nTime: .*\n-+\n/m).slice(1);
  return { batches: batches.map((batch) => batch.trimEnd().split("\n").filter(Boolean)), stderr, emitter };
}

const total = (batches: Run["batches"], word: string): number =>
  batches
    .flat()
    .reduce((sum, record) => sum + (record.startsWith(`('${word}', `) ? Number(/\d+(?=\)$)/.exec(record)?.[0]) : 0), 0);

describe.concurrent("examples", { timeout: 30_000 }, () => {
  test("network_word_count counts what the emitter says, in Spark's form", async () => {
    const { batches, stderr, emitter } = await run("network_word_count", [
      "big data spark",
      "stream processing with spark",
    ]);
    expect(batches.length).toBeGreaterThanOrEqual(3);
    expect(total(batches, "spark")).toBe(30);
    expect(total(batches, "big") + total(batches, "stream")).toBe(emitter.sent.lines);
    expect(stderr).toMatch(new RegExp(`^sluice: Connected to 127.0.0.1:${emitter.port}\\n`));
  });

  test("stateful_word_count goes on from batch to batch", async () => {
    const { batches } = await run("stateful_word_count", ["a b"]);
    expect(batches.at(-1)?.toSorted()).toEqual(["('a', 30)", "('b', 30)"]);
  });

  test("windowed_word_count counts the last batches, every second one", async () => {
    const { batches } = await run("windowed_word_count", ["a"]);
    expect(batches.length).toBeGreaterThanOrEqual(1);
    expect(batches.length).toBeLessThanOrEqual(3);
    expect(total(batches.slice(-1), "a")).toBeGreaterThan(15);
  });

  test("spam_filter leaves out what is on its list", async () => {
    const { batches } = await run("spam_filter", ["hello spark with friends"]);
    expect([total(batches, "spark"), total(batches, "friends")]).toEqual([30, 30]);
    expect(batches.flat().some((record) => /hello|with/.test(record))).toBe(false);
  });

  test("top_hashtags prints the most frequent first, three at the most", async () => {
    const { batches } = await run("top_hashtags", ["#a #a #a #b #b #c no tag #a #d"]);
    const shown = batches.findLast((records) => records.length > 0);
    expect(shown?.map((record) => record.slice(2, 4))).toEqual(["#a", "#b", expect.stringMatching(/#[cd]/), "."]);
  });
});
