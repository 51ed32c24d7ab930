/**
 * What heavy sessions cost their neighbours: a real service with 50 light sessions, each followed over SSE and WebSocket, alone and
 * beside sessions that read as fast as they can; then one with a million distinct words in every interval, as fast as it can and at the
 * pace of a few MB/s while somebody follows all of its words. `npm run bench:heavy`; a table goes to standard error, JSON to standard output.
 *
 * Options: `--rounds N` (default 3), `--seconds S` measured in each (default 15), `--runtimes node,deno,bun`. @module
 */

import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { parseArgs } from "node:util";
import { compare, print, show, versionOf, type Contender, type Row } from "./harness.ts";
import { follow, takeAll, type Followed } from "./heavy_followers.ts";
import { zipf } from "./texts.ts";

const ROOT = join(import.meta.dirname, "..");
const LIGHT = 50;
const LIGHT_INTERVAL_MS = 1000;
const HEAVY_INTERVAL_MS = 5000;
/** A million words in lines of ten. */
const DISTINCT = 1_000_000;
/** The heavy ones have had an interval by then, and compilers are through. */
const WARMUP_MS = 6000;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "15" },
    runtimes: { type: "string", default: "node,deno,bun" },
  },
});
const seconds = Number(values.seconds);
const dir = await mkdtemp(join(tmpdir(), "sluice-bench-"));
const bin = (name: string): string => join(ROOT, "node_modules/.bin", name);
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  node: [bin("node")],
  deno: [bin("deno"), "run", "-A"],
  bun: [bin("bun")],
};

/** What a service says of itself. */
interface Told {
  /** How long the event loop kept a timer waiting, of each look at it; and how much of that time it worked. */
  readonly heldMs: readonly number[];
  readonly workedMs: readonly number[];
  readonly cpuMs: number;
  readonly rss: number;
}

/** A program that says and takes a JSON object a line. */
class Child {
  readonly process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;

  constructor([program = "", ...args]: readonly string[]) {
    this.process = spawn(program, args, { cwd: ROOT });
    this.process.stderr.resume();
    this.#reader = createInterface(this.process.stdout);
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  async line(): Promise<string> {
    const { done, value } = await this.#lines.next();
    if (done === true) throw new Error("A program ended before its time");
    return value;
  }

  async ask(): Promise<Told> {
    this.process.stdin.write("\n");
    return JSON.parse(await this.line()) as Told;
  }
}

interface Scene {
  readonly name: string;
  /** What each heavy session reads. */
  readonly heavy: readonly string[];
  /** Lines a second; default: as many as it can take. */
  readonly rate?: number;
  /** Somebody follows all words of the heavy sessions, over SSE and WebSocket. */
  readonly isFollowed?: boolean;
}

function contender(runtime: string, scene: Scene): Contender {
  return { name: scene.name, run: () => play(COMMANDS[runtime] ?? [], scene) };
}

function emitterOf(file: string, rate: number | undefined): Child {
  const emit = [bin("node"), "src/launch.js", "emit", "--port", "0", "--file", file];
  return new Child([...emit, "--rate", String(rate ?? "max")]);
}

async function play(command: readonly string[], { heavy, rate, isFollowed }: Scene): Promise<Record<string, number>> {
  const emitters = heavy.map((file) => emitterOf(file, rate));
  const service = new Child([...command, "bench/heavy_service.ts"]);
  const followed: Followed[] = [];
  const leaveAll: (() => void)[] = [];
  try {
    const { url } = JSON.parse(await service.line()) as { url: string };
    const light = await Promise.all(Array.from({ length: LIGHT }, () => create(url, LIGHT_INTERVAL_MS, LINES)));
    for (const id of light) followed.push(follow(url, id, "sse"), follow(url, id, "ws"));
    const heavies: string[] = [];
    for (const emitter of emitters) {
      const port = Number(/:(\d+)/.exec(await emitter.line())?.[1]);
      heavies.push(await create(url, HEAVY_INTERVAL_MS, { type: "socket", host: "127.0.0.1", port }));
    }
    if (isFollowed === true) leaveAll.push(...heavies.map((id) => takeAll(url, id)));
    await sleep(WARMUP_MS);
    await service.ask();
    for (const each of followed) each.latenciesMs.length = 0;
    const before = await bytesOf(url, heavies);
    await sleep(seconds * 1000);
    const read = (await bytesOf(url, heavies)) - before;
    const told = await service.ask();
    return { ...figures(told, followed), "MB/s": read / 1e6 / seconds, ...(await distinctOf(url, heavies)) };
  } finally {
    for (const leave of [...leaveAll, ...followed.map((each) => each.leave)]) leave();
    for (const { process: child } of [service, ...emitters]) child.kill("SIGKILL");
  }
}

function figures({ heldMs, workedMs, cpuMs, rss }: Told, followed: readonly Followed[]): Record<string, number> {
  const late = (transport: string): number[] =>
    followed.filter((each) => each.transport === transport).flatMap(({ latenciesMs }) => latenciesMs);
  return {
    "held p99 ms": quantile(heldMs, 0.99),
    "held max ms": quantile(heldMs, 1),
    "worked p99 ms": quantile(workedMs, 0.99),
    "worked max ms": quantile(workedMs, 1),
    "SSE p50 ms": quantile(late("sse"), 0.5),
    "SSE p99 ms": quantile(late("sse"), 0.99),
    "WS p99 ms": quantile(late("ws"), 0.99),
    "WS max ms": quantile(late("ws"), 1),
    "CPU share": cpuMs / 1000 / seconds,
    "RSS MB": rss / 1e6,
  };
}

const LINES = { type: "emitter", lines: ["hello spark streaming", "big data spark"], intervalMs: 200 };

async function create(url: string, batchIntervalMs: number, source: object): Promise<string> {
  const response = await fetch(`${url}/sessions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ batchIntervalMs, source }),
  });
  if (!response.ok) throw new Error(await response.text());
  return ((await response.json()) as { id: string }).id;
}

async function bytesOf(url: string, ids: readonly string[]): Promise<number> {
  const totals = ids.map(async (id) => {
    const { total } = (await (await fetch(`${url}/sessions/${id}`)).json()) as { total: { bytes: number } };
    return total.bytes;
  });
  return (await Promise.all(totals)).reduce((sum, bytes) => sum + bytes, 0);
}

/** How many distinct words the newest batch of the first has, and how long its processing took. */
async function distinctOf(url: string, [id]: readonly string[]): Promise<Record<string, number>> {
  if (id === undefined) return {};
  const answer = await fetch(`${url}/sessions/${id}/batches/latest?top=0`);
  const batch = (await answer.json()) as { distinct: number; delays: { processingMs: number } };
  return { "distinct words": batch.distinct, "processing ms": batch.delays.processingMs };
}

function quantile(all: readonly number[], share: number): number {
  const sorted = all.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

const words = join(dir, "words.txt");
await writeFile(words, zipf(32 * 2 ** 20).bytes);
const million = join(dir, "million.txt");
const distinct = Array.from({ length: DISTINCT }, (_, i) => Math.imul(i + 1, 2_654_435_761) >>> 0);
const wordLines = Array.from({ length: DISTINCT / 10 }, (_, line) =>
  distinct.slice(line * 10, line * 10 + 10).map((word) => word.toString(36)),
);
await writeFile(million, wordLines.map((line) => `${line.join(" ")}\n`).join(""));
const scenes: readonly Scene[] = [
  { name: "light alone", heavy: [] },
  { name: "1 heavy", heavy: [words] },
  { name: "4 heavy", heavy: [words, words, words, words] },
  { name: "1 of 1 M words", heavy: [million] },
  // So many random lines that an interval has nearly all of them.
  { name: "1 of 1 M words, paced and followed", heavy: [million], rate: 60_000, isFollowed: true },
];
const versions: Record<string, string | undefined> = {};
const results: Record<string, readonly Row[]> = {};
for (const runtime of values.runtimes.split(",")) {
  const rows = await compare(
    scenes.map((scene) => contender(runtime, scene)),
    Number(values.rounds),
  );
  show(
    `50 light sessions of ${LIGHT_INTERVAL_MS} ms, followed over SSE and WebSocket (less is better, but MB/s)`,
    rows,
  );
  results[runtime] = rows;
  versions[runtime] = versionOf(bin(runtime));
}
await rm(dir, { recursive: true });
print({ bench: "heavy", versions, results, isAbsolute: true });
process.exit();
