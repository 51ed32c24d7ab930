/**
 * Socket to counts, end to end over real TCP: a sender in C, and in turn a reader and counter in C, the library, the service (its
 * batches taken whole over SSE), what one writes first, and PySpark. Every run's counts are checked. Run it with
 * `npm run bench:ingest`: a table goes to standard error, JSON to standard output.
 *
 * Options: `--rounds N` (default 5), `--seconds S` of each run that are measured (default 2), `--mib N` of the file (default 32),
 * `--interval MS` of a batch (default 1000), `--runtimes node,deno,bun`, `--text NAME`. Needed: gcc. PySpark wants Python 3.11 and
 * Java 17; SLUICE_SKIP_SPARK=1 leaves it out. @module
 */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compare, print, show, type Contender, type Row } from "./harness.ts";
import { race, wordsIn, type Race } from "./ingest_race.ts";
import { compile, pinned, runtimes, versionsOf } from "./processes.ts";
import { program, service, type Receiver } from "./receivers.ts";
import { hasSpark, spark, SPARK_VERSION } from "./spark.ts";
import { fiveLines, zipf } from "./texts.ts";

/** Before anything is measured: compilers of JavaScript and WebAssembly are through by then. */
const WARMUP_S = 1;
const SPARK_BYTES = 4 * 2 ** 20;
/** The slow take part so often at the most: each of their runs is long enough to be even. */
const NAIVE_ROUNDS = 2;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "2" },
    mib: { type: "string", default: "32" },
    interval: { type: "string", default: "1000" },
    runtimes: { type: "string" },
    text: { type: "string" },
  },
});

const dir = await mkdtemp(join(tmpdir(), "sluice-bench-"));
const [sender, reader] = ["stream", "count"].map((name) => compile(name, dir));
if (sender === undefined || reader === undefined) throw new Error("Cannot measure without gcc");
const there = runtimes(values.runtimes);
const withSpark = hasSpark();

const receivers: readonly (readonly [name: string, receiver: Receiver])[] = [
  ["C reader", program([reader])],
  ...there.map(({ name, command }) => {
    return [`library on ${name}`, program([...command, "bench/programs/library.ts"], values.interval)] as const;
  }),
  ...there.map((runtime) => [`service on ${runtime.name}`, service(runtime, Number(values.interval))] as const),
  ...there.map(({ name, command }) => [`naive on ${name}`, program([...command, "bench/programs/naive.ts"])] as const),
];

/** Spark counts the beginning of the same text: the whole would take it minutes. */
async function sparkOn(title: string, bytes: Uint8Array): Promise<Contender> {
  const some = bytes.subarray(0, bytes.lastIndexOf(0x0a, Math.min(bytes.length, SPARK_BYTES) - 1) + 1);
  const file = join(dir, `${title}, the beginning`);
  await writeFile(file, some);
  const lines = some.reduce((sum, byte) => sum + (byte === 0x0a ? 1 : 0), 0);
  return spark({ sender: sender!, file, bytes: some.length, expected: wordsIn(some) }, lines, values.interval);
}

const results: Record<string, readonly Row[]> = {};
for (const { name: title, bytes } of [zipf, fiveLines].map((text) => text(Number(values.mib) * 2 ** 20))) {
  if (values.text !== undefined && values.text !== title) continue;
  const file = join(dir, title);
  await writeFile(file, bytes);
  const text = { sender, file, bytes: bytes.length, expected: wordsIn(bytes) };
  const settings: Race = { ...text, warmupS: WARMUP_S, seconds: Number(values.seconds) };
  const contenders = receivers.map(([name, receiver]): Contender => {
    const most = name.startsWith("naive") ? NAIVE_ROUNDS : Infinity;
    return { name, rounds: most, run: () => race(receiver, settings) };
  });
  if (withSpark) contenders.push(await sparkOn(title, bytes));
  results[title] = await compare(contenders, Number(values.rounds));
  show(`${title}, batches of ${values.interval} ms`, results[title]);
}
await rm(dir, { recursive: true });
const versions = { ...versionsOf(there), ...(withSpark ? { pyspark: SPARK_VERSION } : {}) };
print({ bench: "ingest", versions, pinned, intervalMs: Number(values.interval), results });
process.exit();
