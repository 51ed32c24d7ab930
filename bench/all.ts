/**
 * All benches one after the other: keeps what they find in `docs/performance/results.json` and renews `docs/performance.md`. A bench
 * that fails keeps its old figures, and the exit code is 1. Run it with `npm run bench`; names after `--` choose some of them.
 *
 * Options: `--quick`: little of each, to see that they work; nothing is kept. `--report`: renews the page from what is kept.
 * On a quiet machine of two cores all take about an hour, `--quick` about three. @module
 */

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { merge, readResults, writeReport, type Printed } from "./report.ts";

const ROOT = join(import.meta.dirname, "..");
/** In this order, where they are there; what is not named comes last. */
const ORDER = ["engine", "ingest", "emit", "operators", "sessions", "delivery", "heavy", "start", "growth"];
/** What makes a bench short. */
const QUICK: Readonly<Record<string, readonly string[]>> = {
  engine: ["--rounds", "1", "--mib", "4"],
  ingest: ["--rounds", "1", "--mib", "4", "--seconds", "0.5"],
  emit: ["--rounds", "1", "--seconds", "1"],
  delivery: ["--rounds", "1", "--followers", "200", "--batches", "2", "--cases", "all,idle", "--runtimes", "node"],
  growth: ["--rounds", "1", "--mib", "2"],
};
const QUICK_OTHERS = ["--rounds", "1"];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: "boolean", default: false }, report: { type: "boolean", default: false } },
});

/** The benches of `package.json`: its scripts `bench:NAME`. */
function benches(): string[] {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const names = Object.keys(scripts).flatMap((name) => /^bench:(.+)$/.exec(name)?.[1] ?? []);
  const place = (name: string): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  const unknown = positionals.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new RangeError(`Cannot run ${unknown.join(", ")}: there are ${names.join(", ")}`);
  return names
    .filter((name) => positionals.length === 0 || positionals.includes(name))
    .toSorted((a, b) => place(a) - place(b));
}

function run(name: string): Promise<Printed> {
  const args = values.quick ? (QUICK[name] ?? QUICK_OTHERS) : [];
  const child = spawn("npm", ["run", "--silent", `bench:${name}`, "--", ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (part) => (said += String(part)));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(JSON.parse(said) as Printed);
      else reject(new Error(`bench:${name} ended with ${code}`));
    });
  });
}

let results = values.quick ? {} : readResults();
const began = performance.now();
for (const name of values.report ? [] : benches()) {
  const start = performance.now();
  try {
    results = merge(results, await run(name));
    if (!values.quick) writeReport(results);
  } catch (failure) {
    console.error(`\n${String(failure)}`);
    process.exitCode = 1;
  }
  console.error(`\nbench:${name}: ${((performance.now() - start) / 1000).toFixed(0)} s`);
}
if (values.report) writeReport(results);
console.error(`\nAll: ${((performance.now() - began) / 1000).toFixed(0)} s`);
console.log(JSON.stringify(results, null, 1));
