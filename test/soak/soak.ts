/**
 * A service under load for a while (`npm run soak`; `-- --minutes 10 --runtime node`): sessions, followers that check all they are
 * told, sessions and clients that come and go, and requests that are refused. Ends with 1 when memory, descriptors or the
 * database grow from the second quarter of the time to the last, or when a follower found something wrong.
 */

import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { follow } from "../../src/client/mod.js";
import { descriptorsOf } from "../proof/process.ts";
import { startServer, type RuntimeName, type Server } from "../runtime/server.ts";
import { growthOf } from "./growth.ts";

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "10" }, runtime: { type: "string", default: "node" } },
});
const MINUTES = Number(values.minutes);
const SESSIONS = 20;
const FOLLOWERS = 60;
/** Batches so short that more come than are kept, so that the database has to let go of some. */
const SPEC = {
  source: { type: "emitter", lines: ["spark streaming", "big data spark", "é – 語 🙂"], intervalMs: 5 },
  batchIntervalMs: 100,
};
/** What may be more in the last quarter than in the second, and in runs of how many minutes: in shorter ones that is still filling up. */
const BOUNDS = {
  residentBytes: { most: 16 * 1024 * 1024, minutes: 2 },
  descriptors: { most: 8, minutes: 2 },
  // A session keeps 1 000 batches: for 100 s there are more and more.
  databaseBytes: { most: 8 * 1024 * 1024, minutes: 7 },
};

/** How the process is at one moment. */
type Sample = Record<keyof typeof BOUNDS, number>;

async function sample({ pid, folder }: Server): Promise<Sample> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const data = join(folder, "data");
  const files = await Promise.all((await readdir(data)).map((name) => stat(join(data, name))));
  return {
    residentBytes: Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024,
    descriptors: await descriptorsOf(pid),
    databaseBytes: files.reduce((sum, { size }) => sum + size, 0),
  };
}

async function create(url: string, spec: object): Promise<string> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${url}/sessions`, { method: "POST", headers, body: JSON.stringify(spec) });
  const { links } = (await response.json()) as { links: { self: string } };
  return url + links.self;
}

/** Follows until told not to; gives how many batches it has checked. Anything wrong rejects. */
async function check(url: string, transport: "sse" | "ws", signal: AbortSignal): Promise<number> {
  let batches = 0;
  try {
    for await (const event of follow(url, { transport, signal, since: "now" })) if (event.type === "batch") batches++;
  } catch (failure) {
    if (failure !== signal.reason) throw failure;
  }
  return batches;
}

/** What comes and goes: a session that is followed and deleted, a client that breaks off, requests that are refused. */
async function churn(url: string): Promise<void> {
  const session = await create(url, SPEC);
  const followed = check(session, "ws", new AbortController().signal);
  const stream = await fetch(`${session}/sse`);
  await stream.body?.cancel();
  await Promise.all(
    ["/sessions/none", "/sessions?limit=x", "/nowhere"].map(async (path) => (await fetch(url + path)).text()),
  );
  await fetch(`${session}/stop`, { method: "POST" });
  await followed;
  await fetch(session, { method: "DELETE" });
}

const server = await startServer(values.runtime as RuntimeName, { args: ["--max-sessions", "100"] });
const stop = new AbortController();
const samples: Sample[] = [];
let churned = 0;
try {
  const sessions = await Promise.all(Array.from({ length: SESSIONS }, () => create(server.url, SPEC)));
  const checked = Promise.all(
    Array.from({ length: FOLLOWERS }, (_, i) =>
      check(sessions[i % SESSIONS] ?? "", i % 2 === 0 ? "sse" : "ws", stop.signal),
    ),
  );
  const end = performance.now() + MINUTES * 60_000;
  let sampleAt = performance.now();
  while (performance.now() < end) {
    await Promise.race([churn(server.url), checked.then(() => Promise.reject(new Error("the followers have ended")))]);
    churned++;
    if (performance.now() < sampleAt) continue;
    sampleAt += (MINUTES * 60_000) / 120;
    samples.push(await sample(server));
  }
  stop.abort();
  const batches = (await checked).reduce((sum, count) => sum + count, 0);
  server.terminate();
  const { code, stderr } = await server.exit;
  const growth = growthOf(samples);
  const over = Object.entries(BOUNDS).filter(
    ([name, { most, minutes }]) => MINUTES >= minutes && growth[name as keyof Sample] > most,
  );
  console.log(
    JSON.stringify({ runtime: values.runtime, minutes: MINUTES, batches, churned, growth, last: samples.at(-1), code }),
  );
  for (const [name, { most }] of over) console.error(`${name} grew by more than ${most}`);
  if (over.length > 0 || code !== 0 || stderr !== "" || batches === 0) {
    process.stderr.write(stderr);
    process.exitCode = 1;
  }
} finally {
  await server[Symbol.asyncDispose]();
}
