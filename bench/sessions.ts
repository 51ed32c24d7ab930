/**
 * Thousands of sessions in one process of the service, beside what one would write first: how late batches are, what a session costs, how
 * fast they start and stop. `npm run bench:sessions`: a table goes to standard error, JSON to standard output.
 *
 * Options: `--cases own:1000,own:6000,shared:9900` (each session with an emitter of its own, or all on the port of one), `--rounds N`
 * (default 1), `--boundaries N` that are measured (default 5, the first of them cold), `--followers N` (default 50), each of which follows
 * one session. Needed: Linux, and `ulimit -n 20000` for the larger two. @module
 */

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { Agent, get, request } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { compare, print, show, versionOf, type Contender, type Row } from "./harness.ts";
import { residentKib } from "./processes.ts";

const ROOT = join(import.meta.dirname, "..");
const NODE = join(ROOT, "node_modules/.bin/node");
const BATCH_MS = 5000;
const TICKS_PER_S = 100;
const MAX_WAITING = 500;

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "own:1000,own:6000,shared:9900" },
    rounds: { type: "string", default: "1" },
    boundaries: { type: "string", default: "5" },
    followers: { type: "string", default: "50" },
    // What batches are kept in: how late they are counted is measured, not how fast a disk is.
    data: { type: "string", default: ":memory:" },
  },
});
const boundaries = Number(values.boundaries);

type Numbers = Record<string, number>;
type Kind = "own" | "shared";

/** What Linux says of a process: memory in KiB, CPU time in seconds. */
async function usageOf({ pid }: ChildProcess): Promise<{ rss: number; cpu: number }> {
  const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]?.split(" ") ?? [];
  const cpu = (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
  return { rss: residentKib(pid ?? 0), cpu };
}

function share(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/** The first boundary with all sessions is cold. */
function latenessOf(name: string, perBoundary: readonly (readonly number[])[]): Numbers {
  const sorted = (all: readonly number[]): number[] => all.toSorted((a, b) => a - b);
  const [cold, warm] = [sorted(perBoundary[0] ?? []), sorted(perBoundary.slice(1).flat())];
  return {
    [`${name} cold p99`]: share(cold, 0.99),
    [`${name} warm p50`]: share(warm, 0.5),
    [`${name} warm p99`]: share(warm, 0.99),
  };
}

/** Until a little after the next batch time: everything that was due then has been done. */
function nextBoundary(): Promise<void> {
  return sleep(BATCH_MS - (Date.now() % BATCH_MS) + BATCH_MS * 0.3);
}

/** The ports of a run that has ended are kept for a minute (TIME_WAIT); to find a free one among thousands of them takes the kernel ms. */
async function untilPortsAreFree(): Promise<void> {
  for (let waited = 0; waited < 70; waited++) {
    const tw = Number(/ tw (\d+)/.exec(await readFile("/proc/net/sockstat", "utf8"))?.[1]);
    if (!(tw > MAX_WAITING)) return;
    await sleep(1000);
  }
}

async function measured(
  child: ChildProcess,
  take: () => Promise<readonly number[]>,
): Promise<{ perBoundary: (readonly number[])[]; cpu: number; rss: number }> {
  await nextBoundary();
  await take();
  const before = await usageOf(child);
  const perBoundary: (readonly number[])[] = [];
  for (let i = 0; i < boundaries; i++) {
    await nextBoundary();
    perBoundary.push(await take());
  }
  const after = await usageOf(child);
  return { perBoundary, rss: after.rss, cpu: (100 * (after.cpu - before.cpu)) / ((boundaries * BATCH_MS) / 1000) };
}

interface Histogram {
  readonly le: readonly number[];
  readonly counts: readonly number[];
  readonly count: number;
}

/** The service, over its API. */
class Service {
  readonly child: ChildProcess;
  readonly #url: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 32 });
  #before: readonly number[] = [];

  private constructor(child: ChildProcess, url: string) {
    this.child = child;
    this.#url = url;
  }

  static async start(n: number): Promise<Service> {
    const settings = ["--max-sessions", String(n), "--data", values.data, "--log-level", "warning"];
    const args = ["src/node.ts", "--port", "0", ...settings];
    const child = spawn(NODE, args, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
    for await (const line of createInterface(child.stdout)) {
      const url = /http:\S+/.exec(line)?.[0];
      if (url !== undefined) return new Service(child, url);
    }
    throw new Error("The service ended before it listened");
  }

  async call<T>(method: string, path: string, body?: object): Promise<T> {
    const asked = request(`${this.#url}${path}`, { method, agent: this.#agent });
    if (body !== undefined) asked.setHeader("content-type", "application/json");
    asked.end(body && JSON.stringify(body));
    const [answer] = await once(asked, "response");
    const said = await text(answer);
    if (answer.statusCode >= 400) throw new Error(`${method} ${path}: ${said}`);
    return JSON.parse(said) as T;
  }

  /** Starts the sessions, some at a time; gives their ids. */
  async fill(kind: Kind, n: number): Promise<string[]> {
    const ids: string[] = [];
    const create = async (body?: object): Promise<number> => {
      const { id, source } = await this.call<{ id: string; source: { port: number } }>("POST", "/sessions", body);
      ids.push(id);
      return source.port;
    };
    const port = await create();
    const spec = kind === "own" ? undefined : { source: { type: "socket", host: "127.0.0.1", port } };
    let left = n - 1;
    const some = async (): Promise<void> => {
      while (left-- > 0) await create(spec);
    };
    await Promise.all(Array.from({ length: 32 }, some));
    return ids;
  }

  /** How late each batch was since this was asked last: the upper bound of its bucket of the service's histogram, in ms. */
  async lateness(): Promise<number[]> {
    const { le, counts, count } = await this.call<Histogram>("GET", "/lateness");
    const below = [...counts, count];
    const before = this.#before;
    this.#before = below;
    const until = (i: number): number => (below[i] ?? 0) - (before[i] ?? 0);
    return below.flatMap((_, i) => {
      const inBucket = until(i) - (i === 0 ? 0 : until(i - 1));
      return Array.from({ length: inBucket }, () => le[i] ?? Infinity);
    });
  }

  /** Follows a session as a client does: tells how late, by the wall clock, each batch is here. */
  follow(id: string, late: number[]): void {
    get(`${this.#url}/sessions/${id}/sse?since=now`, (answer) => {
      answer.on("error", () => {});
      answer.on("data", (chunk) => {
        const now = Date.now();
        for (const [, time = ""] of String(chunk).matchAll(/^data:.*"time":"([^"]+)".*"partial":false/gm)) {
          late.push(now - Date.parse(time));
        }
      });
    }).on("error", () => {});
  }
}

async function runService(kind: Kind, n: number): Promise<Numbers> {
  await untilPortsAreFree();
  const service = await Service.start(n);
  try {
    const idle = await usageOf(service.child);
    const startedAt = performance.now();
    const ids = await service.fill(kind, n);
    const startS = (performance.now() - startedAt) / 1000;
    const late: number[] = [];
    for (const id of ids.slice(0, Number(values.followers))) service.follow(id, late);
    const arrived: number[][] = [];
    const { perBoundary, cpu, rss } = await measured(service.child, async () => {
      arrived.push(late.splice(0));
      return service.lateness();
    });
    const stopAt = performance.now();
    service.child.kill("SIGTERM");
    await once(service.child, "exit");
    return {
      ...latenessOf("sealed", perBoundary),
      ...latenessOf("followed", arrived.slice(1)),
      "KiB/session": (rss - idle.rss) / n,
      "start s": startS,
      "stop s": (performance.now() - stopAt) / 1000,
      "CPU %": cpu,
    };
  } finally {
    service.child.kill("SIGKILL");
  }
}

async function runNaive(kind: Kind, n: number): Promise<Numbers> {
  await untilPortsAreFree();
  const startedAt = performance.now();
  const program = ["bench/naive_sessions.ts", kind, String(n)];
  const child = spawn(NODE, program, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
  try {
    const late: number[] = [];
    const started = Promise.withResolvers<void>();
    const idle = Promise.withResolvers<number>();
    createInterface(child.stdout).on("line", (line) => {
      const said = JSON.parse(line) as { late?: number[]; started?: number; idle?: number };
      for (const each of said.late ?? []) late.push(each);
      if (said.idle !== undefined) idle.resolve(said.idle / 1024);
      if (said.started !== undefined) started.resolve();
    });
    await started.promise;
    const startS = (performance.now() - startedAt) / 1000;
    const { perBoundary, cpu, rss } = await measured(child, () => Promise.resolve(late.splice(0)));
    return {
      ...latenessOf("sealed", perBoundary),
      "KiB/session": (rss - (await idle.promise)) / n,
      "start s": startS,
      "CPU %": cpu,
    };
  } finally {
    child.kill("SIGKILL");
  }
}

const results: Record<string, readonly Row[]> = {};
for (const one of values.cases.split(",")) {
  const [kind, n] = one.split(":") as [Kind, string];
  const contenders: Contender[] = [
    { name: "naive", run: () => runNaive(kind, Number(n)) },
    { name: "sluice", run: () => runService(kind, Number(n)) },
  ];
  const rows = await compare(contenders, Number(values.rounds));
  show(
    `${n} sessions, ${kind === "own" ? "each with an emitter of its own" : "all on one emitter"} (ms; less is better)`,
    rows,
  );
  results[one] = rows;
}
print({ bench: "sessions", data: values.data, versions: { node: versionOf(NODE) }, boundaries, results });
process.exit(0);
