/**
 * `sluice emit --rate max` on every runtime there is, beside a sender in C that says the same lines in blocks of the same size; a reader
 * in C counts. Run it with `npm run bench:emit`, or with `deno run -A` or `bun`: a table goes to standard error, JSON to standard output.
 *
 * Options: `--rounds N` (default 5), `--seconds S` of each run that are measured (default 3). Needed: gcc. @module
 */

import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compare, print, show, type Contender, type Row } from "./harness.ts";
import { compile, linesOf, pinned, runtimes, start, versionsOf } from "./processes.ts";

const SEED = "7";
/** Before anything is measured: compilers of JavaScript and WebAssembly are through by then. */
const WARMUP_S = 1.5;

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, seconds: { type: "string", default: "3" } },
});
const dir = await mkdtemp(join(tmpdir(), "sluice-bench-"));
const [cSender, reader] = ["sender", "reader"].map((name) => compile(name, dir));
if (cSender === undefined || reader === undefined) throw new Error("Cannot measure without gcc");

/** The seed's five lines, and a hundred thousand that the caches of most machines do not hold. */
const FILES: Readonly<Record<string, readonly string[]>> = {
  "5 lines": [
    "spark streaming dstream",
    "spark spark streaming",
    "big data spark",
    "stream processing with spark",
    "hello spark streaming",
  ],
  "100 000 lines": Array.from({ length: 100_000 }, (_, line) =>
    Array.from({ length: 6 + ((line * 7919) % 13) }, (_word, i) => `word${(line * 31 + i * 977) % 50_000}`).join(" "),
  ),
};

const hashes = new Map<string, string>();

/** A sender in a process of its own on the first core, and the reader on the second. */
function contender(name: string, command: readonly string[], file: string): Contender {
  return {
    name,
    async run() {
      const sender = start(command, { core: 0, isQuiet: true });
      try {
        const port = await portOf(sender);
        const reading = [reader!, port, String(sender.pid), String(WARMUP_S), values.seconds];
        const line = await linesOf(start(reading, { core: 1 }))();
        const read = JSON.parse(line ?? "") as { lines: number; seconds: number; cpuSeconds: number; hash: string };
        if ((hashes.get(file) ?? read.hash) !== read.hash) throw new Error(`${name} says other lines of ${file}`);
        hashes.set(file, read.hash);
        const millions = read.lines / 1e6;
        return { "Mlines/s": millions / read.seconds, "Mlines/CPU-s": millions / read.cpuSeconds };
      } finally {
        sender.kill("SIGKILL");
      }
    },
  };
}

async function portOf(sender: ChildProcess): Promise<string> {
  const next = linesOf(sender);
  for (let line = await next(); line !== undefined; line = await next()) {
    const port = /(?:port |:)(\d+)/.exec(line)?.[1];
    if (port !== undefined) return port;
  }
  throw new Error("A sender ended before it listened");
}

const there = runtimes();
const results: Record<string, readonly Row[]> = {};
for (const [title, lines] of Object.entries(FILES)) {
  const file = join(dir, `${lines.length}.txt`);
  await writeFile(file, `${lines.join("\n")}\n`);
  const sluice = ["src/launch.js", "emit", "--port", "0", "--rate", "max", "--seed", SEED, "--file", file];
  const rows = await compare(
    [
      contender("C sender", [cSender, file, SEED], file),
      ...there.map(({ name, command }) => contender(`sluice on ${name}`, [...command, ...sluice], file)),
    ],
    Number(values.rounds),
  );
  show(title, rows);
  results[title] = rows;
}
await rm(dir, { recursive: true });
print({ bench: "emit", versions: versionsOf(there), pinned, results });
