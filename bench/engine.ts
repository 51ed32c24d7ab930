/**
 * The speed of counting words: `npm run bench:engine`, or `deno run -A bench/engine.ts`, or `bun bench/engine.ts`.
 * Every engine in turn, several rounds, medians of CPU time; `--rounds=9 --mib=64`; JSON on standard output. @module
 */

import { cpus } from "node:os";
import { engines } from "./engines.ts";
import { nativeEngine } from "./native.ts";
import { fiveLines, zipf, type Text } from "./texts.ts";

const CHUNK = 64 * 1024;
const option = (name: string, or: number): number =>
  Number(process.argv.find((each) => each.startsWith(`--${name}=`))?.split("=")[1] ?? or);
const rounds = option("rounds", 9);
const bytes = option("mib", 64) * 2 ** 20;

interface Measured {
  readonly distinct: number;
  readonly words: number;
  readonly ms: number;
}
type Contestant = readonly [name: string, run: (text: Text) => Measured];

const native = nativeEngine();
const contestants: Contestant[] = engines.map(({ name, run }) => [name, (text) => timed(() => run(chunksOf(text)))]);
if (native !== undefined) contestants.push([native.name, native.run]);

function chunksOf({ bytes: all }: Text): Uint8Array[] {
  return Array.from({ length: Math.ceil(all.length / CHUNK) }, (_, i) => all.subarray(i * CHUNK, (i + 1) * CHUNK));
}

function timed(run: () => Omit<Measured, "ms">): Measured {
  const before = process.cpuUsage();
  const counted = run();
  const { user, system } = process.cpuUsage(before);
  return { ...counted, ms: (user + system) / 1000 };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

const results = [zipf(bytes), fiveLines(bytes)].map((text) => {
  const speeds = new Map(contestants.map(([name]) => [name, [] as number[]]));
  const counted = new Set<string>();
  // The first round warms up.
  for (let round = -1; round < rounds; round++)
    for (const [name, run] of contestants) {
      const { distinct, words, ms } = run(text);
      counted.add(`${distinct} distinct of ${words}`);
      if (round >= 0) speeds.get(name)?.push(text.bytes.length / 1000 / ms);
    }
  if (counted.size !== 1) throw new Error(`The engines do not agree on ${text.name}: ${[...counted].join("; ")}`);
  const of = (name: string): number => median(speeds.get(name) ?? []);
  const rows = [...speeds].map(([name, all]) => ({
    engine: name,
    megabytesPerCpuSecond: Math.round(median(all)),
    range: `${Math.round(Math.min(...all))}-${Math.round(Math.max(...all))}`,
    timesNaive: ratio(median(all) / of("naive")),
    ofNative: native === undefined ? null : ratio(median(all) / of(native.name)),
  }));
  return { text: text.name, bytes: text.bytes.length, counted: [...counted][0], rows };
});

function ratio(value: number): number {
  return Number(value.toPrecision(3));
}

const { node, v8, deno, bun } = process.versions;
const runtime = deno === undefined ? (bun === undefined ? `node ${node}` : `bun ${bun}`) : `deno ${deno}`;
const machine = { cpu: cpus()[0]?.model, cores: cpus().length, platform: `${process.platform} ${process.arch}` };
console.log(JSON.stringify({ runtime, v8, machine, rounds, chunk: CHUNK, results }, null, 2));
