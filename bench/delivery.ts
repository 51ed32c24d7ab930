/**
 * Batches on their way to ten thousand followers: until the last has one, beside a loop of `send` in C; with some of them frozen, beside
 * all healthy; and what one costs that waits. `npm run bench:delivery`: a table goes to standard error, JSON to standard output.
 *
 * Options: `--cases all,frozen,idle` (which of the three), `--runtimes node,deno,bun`, `--rounds N` (default 3), `--followers N` (default
 * 10000), `--batches N` that are measured in a round (default 10), `--only TEXT`: contenders with that in their name, or C. Needed: gcc, Linux,
 * `ulimit -n 20000`; Centrifugo takes part where Go can build it. @module
 */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import {
  centrifugo,
  naive,
  nativeLoop,
  service,
  type Broadcaster,
  type Load,
  type Start,
  type Transport,
} from "./broadcasters.ts";
import { compare, median, print, show, versionOf, type Contender, type Row } from "./harness.ts";
import { compile, cpuSeconds, linesOf, outputOf, residentKib, runtimes, start, versionsOf } from "./processes.ts";

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "all,frozen,idle" },
    runtimes: { type: "string", default: "node,deno,bun" },
    rounds: { type: "string", default: "3" },
    followers: { type: "string", default: "10000" },
    batches: { type: "string", default: "10" },
    only: { type: "string", default: "" },
  },
});
const FOLLOWERS = Number(values.followers);
const BATCHES = Number(values.batches);
/** Followers' core; servers have the other. */
const CORE = 0;
const WARMUP = 5;
const SMALL = { intervalMs: 1000, bytes: 900 };
const LARGE = { intervalMs: 400, bytes: 8192 };
/**
 * With these what a service keeps for the frozen, 256 KiB each, is full before anything is measured; and it is measured before they are
 * cut, as those are after 33 s that answer no ping.
 */
const FROZEN_WARMUP = 38;
const IDLE = { intervalMs: 3_600_000, bytes: 900 };
/** Until what was left over of connecting is collected. */
const SETTLE_MS = FOLLOWERS < 1000 ? 300 : 3000;

/** Who follows, and for how long. */
interface Following {
  readonly followers: number;
  readonly frozen: number;
  readonly warmup: number;
  readonly batches: number;
}

/** What the program that follows reports. */
interface Report {
  readonly lost: number;
  readonly repeated: number;
  readonly changed: number;
  readonly gaps: number;
  readonly closed: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly batches: readonly { readonly bytes: number; readonly firstMs: number; readonly lastMs: number }[];
}

/** And what its server was seen to do meanwhile. */
interface Followed extends Report {
  readonly grownMib: number;
  /** CPU time of the server for each message. */
  readonly cpuUs: number;
}

const folder = await mkdtemp(join(tmpdir(), "sluice-bench-"));
const program = compile("followers", folder);
const loop = nativeLoop(folder);
if (program === undefined || loop === undefined) throw new Error("Cannot measure without gcc");

function commandOf({ port, path, say }: Broadcaster, transport: Transport, following: Following): string[] {
  const { followers, frozen, warmup, batches } = following;
  const numbers = [followers, frozen, warmup, batches].map(String);
  return [program ?? "", String(port), path, transport, ...numbers, ...(say === undefined ? [] : [say])];
}

/** Follows until all is measured; wrong or missing batches end the bench. Also gives by how much the server grew meanwhile. */
async function follow(broadcaster: Broadcaster, transport: Transport, following: Following): Promise<Followed> {
  const child = start(commandOf(broadcaster, transport, following), { core: CORE });
  const next = linesOf(child);
  if (!(await next())?.startsWith("connected")) throw new Error("Not all could connect");
  await sleep(SETTLE_MS);
  const before = residentKib(broadcaster.pid) / 1024;
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, residentKib(broadcaster.pid) / 1024)), 250);
  try {
    await next();
    const used = cpuSeconds(broadcaster.pid);
    const report = JSON.parse((await next()) ?? "{}") as Report;
    const { lost, repeated, changed, gaps, closed } = report;
    // One that is frozen would be cut later, and would then be no trouble any more.
    if (lost + repeated + changed + gaps + closed > 0)
      throw new Error(`Batches went wrong: ${JSON.stringify({ lost, repeated, changed, gaps, closed })}`);
    const cpuUs =
      ((cpuSeconds(broadcaster.pid) - used) * 1e6) / (report.batches.length * (following.followers - following.frozen));
    return { ...report, grownMib: most - before, cpuUs };
  } finally {
    clearInterval(watch);
    child.kill("SIGKILL");
  }
}

async function within<T>(begin: Start, load: Load, work: (broadcaster: Broadcaster) => Promise<T>): Promise<T> {
  const broadcaster = await begin(load);
  try {
    return await work(broadcaster);
  } finally {
    broadcaster.stop();
    // Its thousands of connections are taken down by now.
    await sleep(500);
  }
}

/** Until the last of all has a batch. */
function toAll(name: string, begin: Start, transport: Transport): Contender {
  return {
    name,
    async run() {
      const following = { followers: FOLLOWERS, frozen: 0, warmup: WARMUP, batches: BATCHES };
      const { batches, cpuUs } = await within(begin, { ...SMALL, transport }, (one) =>
        follow(one, transport, following),
      );
      return {
        "last ms": median(batches.map(({ lastMs }) => lastMs)),
        "CPU µs a message": cpuUs,
        "first ms": median(batches.map(({ firstMs }) => firstMs)),
        bytes: median(batches.map(({ bytes }) => bytes)),
      };
    },
  };
}

/** How long each of the healthy waits for each batch. */
function toHealthy(
  name: string,
  begin: Start,
  { transport, frozen }: { transport: Transport; frozen: boolean },
): Contender {
  return {
    name,
    async run() {
      const followers = Math.min(FOLLOWERS, 9900);
      const following = {
        followers,
        frozen: frozen ? Math.floor(followers / 100) : 0,
        warmup: FROZEN_WARMUP,
        batches: BATCHES,
      };
      const { p50Ms, p99Ms, cpuUs, grownMib } = await within(begin, { ...LARGE, transport }, (one) =>
        follow(one, transport, following),
      );
      return { "p99 ms": p99Ms, "p50 ms": p50Ms, "CPU µs a message": cpuUs, "grown MiB": grownMib };
    },
  };
}

/** What one costs that only waits, beyond the first of them. */
function toNobody(name: string, begin: Start, transport: Transport): Contender {
  const idle = async (broadcaster: Broadcaster, followers: number): Promise<() => Promise<unknown>> => {
    const child = start(commandOf(broadcaster, transport, { followers, frozen: 0, warmup: 0, batches: 0 }), {
      core: CORE,
    });
    if (!(await linesOf(child)())?.startsWith("connected")) throw new Error("Not all could connect");
    await sleep(SETTLE_MS);
    return () => {
      child.stdin?.end();
      return outputOf(child);
    };
  };
  return {
    name,
    rounds: 1,
    run: () =>
      within(begin, { ...IDLE, transport }, async (broadcaster) => {
        const leaveFirst = await idle(broadcaster, FOLLOWERS / 10);
        const before = residentKib(broadcaster.pid) / 1024;
        const more = FOLLOWERS - FOLLOWERS / 10;
        const leaveRest = await idle(broadcaster, more);
        const bytes = ((residentKib(broadcaster.pid) / 1024 - before) * 1024 * 1024) / more;
        await Promise.all([leaveFirst(), leaveRest()]);
        return { "bytes a follower": bytes };
      }),
  };
}

const all = runtimes(values.runtimes);
const peer = centrifugo(folder);
const TRANSPORTS = { ws: "WebSocket", sse: "Server-Sent Events" } as const;
type Made = (name: string, begin: Start, transport: Transport) => Contender;

/** Everyone over one transport; C is the measure of speed, what one would write first that of memory. */
function everyone(make: Made, transport: Transport): Contender[] {
  const native = make("C", loop as Start, transport);
  const first = make(transport === "ws" ? "ws in a loop" : "Hono's streamSSE", naive, transport);
  const others = [
    ...all.map((runtime) => make(`sluice on ${runtime.name}`, service(runtime), transport)),
    ...(peer === undefined ? [] : [make("Centrifugo", peer, transport)]),
  ];
  return make === toAll ? [native, ...others, first] : [first, ...others, native];
}

/** All healthy is the measure of each. */
function frozenOf(begin: Start): Contender[] {
  return (["ws", "sse"] as const).flatMap((transport) =>
    [false, true].map((frozen) =>
      toHealthy(`${TRANSPORTS[transport]}, ${frozen ? "1 % frozen" : "all healthy"}`, begin, { transport, frozen }),
    ),
  );
}

const cases: Record<string, () => readonly (readonly [title: string, contenders: readonly Contender[]])[]> = {
  all: () =>
    (["ws", "sse"] as const).map((transport) => [
      `one batch to all, ${TRANSPORTS[transport]}`,
      everyone(toAll, transport),
    ]),
  frozen: () => all.map((runtime) => [`8 KiB, some frozen, ${runtime.name}`, frozenOf(service(runtime))]),
  idle: () =>
    (["ws", "sse"] as const).map((transport) => [`idle, ${TRANSPORTS[transport]}`, everyone(toNobody, transport)]),
};

const results: Record<string, readonly Row[]> = {};
try {
  for (const [title, contenders] of values.cases.split(",").flatMap((name) => cases[name]?.() ?? [])) {
    const rows = await compare(
      contenders.filter(({ name }) => name === "C" || name.includes(values.only)),
      Number(values.rounds),
    );
    show(`${title} (less is better)`, rows);
    results[title] = rows;
  }
} finally {
  await rm(folder, { recursive: true });
}
const versions = { ...versionsOf(all), go: versionOf("go", "version"), centrifugo: peer && "6.9.1" };
print({ bench: "delivery", versions, followers: FOLLOWERS, results });
process.exit(0);
