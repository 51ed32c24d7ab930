/** Contenders in turn, several rounds, medians and ratios. @module */

import { execFileSync } from "node:child_process";
import { cpus, loadavg, release, type } from "node:os";

/** Something that is measured: each run gives the same numbers by name, of which more is better if the bench does not say that less is. */
export interface Contender {
  readonly name: string;
  /** In how many rounds it takes part at the most, where each is slow. Default: all. */
  readonly rounds?: number;
  run(): Promise<Readonly<Record<string, number>>>;
}

/** What came out for one contender. */
export interface Row {
  readonly name: string;
  readonly rounds: readonly Readonly<Record<string, number>>[];
  readonly median: Readonly<Record<string, number>>;
  /** Medians divided by those of the first contender. */
  readonly ofFirst: Readonly<Record<string, number>>;
}

/** What a bench found: what it prints as JSON on standard output. */
export interface Report {
  readonly bench: string;
  readonly machine: Readonly<Record<string, unknown>>;
  /** Of the programs that took part. */
  readonly versions: Readonly<Record<string, string | undefined>>;
  /** By what was measured. */
  readonly results: Readonly<Record<string, readonly Row[]>>;
  /** The figures have bounds of their own: their ratios to the first are not shown. */
  readonly isAbsolute?: boolean;
}

/** Runs every contender once in each round, so that what else the machine does meets all of them; the first is the measure. */
export async function compare(contenders: readonly Contender[], rounds: number): Promise<readonly Row[]> {
  const results = contenders.map((): Record<string, number>[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, contender] of contenders.entries())
      if (round < (contender.rounds ?? rounds)) results[i]?.push(await contender.run());
  }
  const medians = results.map((all) => mapValues(all[0] ?? {}, (name) => median(all.map((one) => one[name] ?? 0))));
  return contenders.map(({ name }, i) => ({
    name,
    rounds: results[i] ?? [],
    median: medians[i] ?? {},
    ofFirst: mapValues(medians[i] ?? {}, (key, value) => value / (medians[0]?.[key] ?? 0)),
  }));
}

/** The rows for people, on standard error: `name  median (least-most)  ratio` for each number. */
export function show(title: string, rows: readonly Row[]): void {
  console.error(`\n${title}`);
  const width = Math.max(...rows.map(({ name }) => name.length));
  for (const { name, rounds, median: middle, ofFirst } of rows) {
    const numbers = Object.entries(middle).map(([key, value]) => {
      const all = rounds.map((one) => one[key] ?? 0);
      const range = `(${short(Math.min(...all))}-${short(Math.max(...all))})`;
      return `${key} ${short(value)} ${range} x${(ofFirst[key] ?? 0).toFixed(2)}`;
    });
    console.error(`  ${name.padEnd(width)}  ${numbers.join("   ")}`);
  }
}

/** The same for programs, on standard output. */
export function print(report: Omit<Report, "machine"> & Readonly<Record<string, unknown>>): void {
  const { bench, ...rest } = report;
  console.log(JSON.stringify({ bench, machine: machine(), ...rest }, null, 2));
}

/** Where it was measured. */
function machine(): Record<string, unknown> {
  const processors = cpus();
  return {
    system: `${type()} ${release().split("-")[0]}`,
    processor: processors[0]?.model.trim(),
    cores: processors.length,
    load: loadavg().map((value) => Number(value.toFixed(1))),
    at: new Date().toISOString(),
  };
}

/** The first line a program says when asked for its version, or undefined where there is none. */
export function versionOf(program: string, argument: string = "--version"): string | undefined {
  try {
    return execFileSync(program, [argument], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).split("\n")[0];
  } catch {
    return undefined;
  }
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return ((sorted[middle] ?? 0) + (sorted[sorted.length - 1 - middle] ?? 0)) / 2;
}

function mapValues(
  record: Readonly<Record<string, number>>,
  map: (key: string, value: number) => number,
): Record<string, number> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(key, value)]));
}

function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
