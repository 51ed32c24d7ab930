import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { Emitter } from "../../src/sources/mod.ts";

type Counts = readonly (readonly [string, number])[];
type Line = readonly [name: string, time: number, counts: Counts];

const LIVES = 6;
const LINES_A_LIFE = 30;

test("counts, totals and windows fit together over kill -9 and restart", { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-killed-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const emitter = new Emitter({
    clock: systemClock,
    messages: ["a b", "b c d", "a a"],
    host: "127.0.0.1",
    port: 0,
    intervalMs: 2,
  });
  await emitter.listen();
  onTestFinished(() => emitter.close());
  const lines: Line[] = [];
  for (let life = 0; life < LIVES; life++)
    lines.push(...(await untilKilled(emitter.port, folder, LINES_A_LIFE + life)));

  const by = (name: string): Map<number, Counts> =>
    new Map(lines.filter(([each]) => each === name).map(([, time, counts]) => [time, counts]));
  const [counts, totals, windows] = [by("counts"), by("totals"), by("window")];
  // A batch that is told twice is told in the same way.
  for (const [name, time, told] of lines) expect(by(name).get(time)).toEqual(told);
  // The last batch may lack what comes after the kill: no other life tells it again.
  const times = [...totals.keys()].toSorted((a, b) => a - b).slice(0, -1);
  // Every batch time has its batch, those while nothing ran too.
  expect(times).toEqual(Array.from(times, (_, i) => times[0]! + i * 100));
  expect(times.length).toBeGreaterThan(LIVES);
  for (const time of times) {
    expect(summed(totals.get(time)!)).toEqual(summedOf(counts, (each) => each <= time));
    expect(summed(windows.get(time)!)).toEqual(summedOf(counts, (each) => each <= time && each > time - 600));
  }
});

/** What a program printed until it was killed, after so many lines: whole lines only. */
async function untilKilled(port: number, folder: string, wanted: number): Promise<Line[]> {
  const program = join(import.meta.dirname, "programs/totals.ts");
  const child = spawn(process.execPath, [program, String(port), folder], { stdio: ["ignore", "pipe", "ignore"] });
  const lines: Line[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(...whole(line));
    if (lines.length === wanted) child.kill("SIGKILL");
  }
  expect(lines.length).toBeGreaterThanOrEqual(wanted);
  return lines;
}

/** The last one may have been cut by the kill. */
function whole(line: string): Line[] {
  try {
    return [JSON.parse(line) as Line];
  } catch {
    return [];
  }
}

function summedOf(counts: Map<number, Counts>, isIn: (time: number) => boolean): Record<string, number> {
  return summed([...counts].filter(([time]) => isIn(time)).flatMap(([, each]) => each));
}

/** Words that have come to 0 left out. */
function summed(counts: Counts): Record<string, number> {
  const sums = new Map<string, number>();
  for (const [word, count] of counts) sums.set(word, (sums.get(word) ?? 0) + count);
  return Object.fromEntries([...sums].filter(([, count]) => count > 0));
}
