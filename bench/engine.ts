/**
 * The speed of counting words that are in memory, on every runtime there is, beside a counter in C; CPU time alone. Run it with
 * `npm run bench:engine`: a table goes to standard error, JSON to standard output.
 *
 * Options: `--rounds N` (default 5), `--mib N` of each text (default 32), `--runtimes node,deno,bun`. @module
 */

import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { engines } from "./engines.ts";
import { compare, print, show, type Contender, type Row } from "./harness.ts";
import { compile, linesOf, runtimes, start, versionsOf, type RuntimeCommand } from "./processes.ts";
import { fiveLines, zipf } from "./texts.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    mib: { type: "string", default: "32" },
    runtimes: { type: "string" },
  },
});

interface Counted {
  readonly ms: number;
  readonly distinct: number;
  readonly words: number;
}
/** Counts the words of a file. */
type Count = (file: string) => Promise<Counted>;

const dir = await mkdtemp(join(tmpdir(), "sluice-bench-"));
const there = runtimes(values.runtimes);
const native = compile("words", dir);
const programs = there.map((runtime) => ({ runtime, count: programOf(runtime) }));
const ways: [name: string, count: Count][] = engines.flatMap((engine) =>
  programs.map(({ runtime, count }): [string, Count] => [`${engine.name} on ${runtime.name}`, count(engine.name)]),
);
if (native !== undefined) ways.unshift(["C", (file) => Promise.resolve(countInC(native, file))]);

function countInC(program: string, file: string): Counted {
  // The first round of a process pays for its page faults.
  const [, ms, distinct, words] = execFileSync(program, [file, "2"], { encoding: "utf8" })
    .trim()
    .split(/\s/)
    .map(Number);
  return { ms: ms ?? 0, distinct: distinct ?? 0, words: words ?? 0 };
}

function programOf({ command }: RuntimeCommand): (engine: string) => Count {
  const program = start([...command, "bench/programs/count_words.ts"]);
  const next = linesOf(program);
  return (engine) => async (file) => {
    program.stdin?.write(`${engine}\t${file}\n`);
    const [ms = 0, distinct = 0, words = 0] = (await next())?.split(" ").map(Number) ?? [];
    return { ms, distinct, words };
  };
}

const results: Record<string, readonly Row[]> = {};
for (const { name: title, bytes } of [zipf, fiveLines].map((text) => text(Number(values.mib) * 2 ** 20))) {
  const file = join(dir, title);
  await writeFile(file, bytes);
  const counted = new Set<string>();
  const contenders = ways.map(([name, count]): Contender => {
    const run: Contender["run"] = async () => {
      const { ms, distinct, words } = await count(file);
      counted.add(`${distinct} distinct of ${words}`);
      if (counted.size > 1) throw new Error(`${name} does not agree on ${title}: ${[...counted].join("; ")}`);
      return { "MB/CPU-s": bytes.length / 1000 / ms };
    };
    return { name, run };
  });
  // The first round warms up.
  for (const { run } of contenders) await run();
  results[title] = await compare(contenders, Number(values.rounds));
  show(`${title}: ${[...counted].join("")} words`, results[title]);
}
await rm(dir, { recursive: true });
print({ bench: "engine", versions: versionsOf(there), results });
process.exit();
