/** A real PySpark as a peer: the same word count of the same bytes, in an environment of its own. @module */

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Contender } from "./harness.ts";
import { check, portOf, type Sent } from "./ingest_race.ts";
import { linesOf, outputOf, start } from "./processes.ts";
import { parseCounts } from "./receivers.ts";

/** The same as in `test/spark/live`, which makes the same folder. */
export const SPARK_VERSION = "4.3.0";
const VENV: string = join(import.meta.dirname, `../node_modules/.cache/pyspark-${SPARK_VERSION}`);
/** What its receiver is held to: somewhat more than it can count, so that its batches are large and still several. */
const BYTES_PER_SECOND = 2 * 2 ** 20;
const SKIPPED_BATCHES = 1;
const SPARK_ROUNDS = 2;
/** How often the sender sends a file when it has no time to fill: once to warm up, once more. */
const SENT = 2;

/** Installs PySpark where it is not yet; false where SLUICE_SKIP_SPARK=1, or where it cannot be had. */
export function hasSpark(): boolean {
  if (process.env["SLUICE_SKIP_SPARK"] === "1") return false;
  const pip = join(VENV, "bin/pip");
  try {
    if (!existsSync(pip)) execFileSync("python3", ["-m", "venv", VENV]);
    execFileSync(pip, ["install", "--quiet", "--disable-pip-version-check", `pyspark==${SPARK_VERSION}`]);
    execFileSync("java", ["-version"], { stdio: "ignore" });
    return true;
  } catch (failure) {
    console.error(`PySpark is left out: ${String(failure)}`);
    return false;
  }
}

/**
 * A text of so many lines: bytes by the time their batches took to process, on both cores. It has no figure for the CPU: what its start costs is much more
 * than what is measured.
 */
export function spark({ sender, file, bytes, expected }: Sent, lines: number, intervalMs: string): Contender {
  const run: Contender["run"] = async () => {
    const stream = start([sender, file, "0", "0"]);
    try {
      const port = await portOf(linesOf(stream));
      const script = [join(VENV, "bin/python"), "bench/programs/word_count.py"];
      const numbers = [
        port,
        intervalMs,
        SENT * bytes,
        SKIPPED_BATCHES,
        Math.ceil((BYTES_PER_SECOND * lines) / bytes),
      ].map(String);
      const said = await outputOf(start([...script, ...numbers], { isQuiet: true }));
      const [seconds = 0, counted = 0] = said.slice(0, said.indexOf("\n")).split(" ").map(Number);
      check(parseCounts(said.slice(said.indexOf("\n") + 1)), expected, SENT);
      return { "MB/s": counted / 1e6 / seconds };
    } finally {
      stream.kill("SIGKILL");
    }
  };
  return { name: "PySpark local[2]", rounds: SPARK_ROUNDS, run };
}
