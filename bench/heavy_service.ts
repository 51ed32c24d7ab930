/**
 * A service whose event loop is watched from inside: for `bench/heavy.ts`, which runs it on each runtime. It says where it listens,
 * and, for each line it is sent, a line of how it was since the line before. @module
 */

import { createInterface } from "node:readline";
import { Logging } from "../src/logging.ts";
import { IN_MEMORY, readConfig } from "../src/config/mod.ts";
import type { Runtime } from "../src/runtime.ts";
import { startService } from "../src/service.ts";

/** Between two looks at the clock. */
const PROBE_MS = 2;

async function findRuntime(): Promise<Runtime> {
  if ("Bun" in globalThis) return (await import("../src/runtimes/bun.ts")).bunRuntime;
  if ("Deno" in globalThis) return (await import("../src/runtimes/deno.ts")).denoRuntime;
  return (await import("../src/runtimes/node.ts")).nodeRuntime;
}

/** This thread's, where the runtime can tell it from the others', in ms. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage();
  return (user + system) / 1000;
}

// `monitorEventLoopDelay` is not on every runtime; it does the same with a timer. On a busy machine the clock also measures others:
// what the loop worked meanwhile is what it held itself up.
let held: number[] = [];
let worked: number[] = [];
let before = performance.now();
let cpuBefore = cpuMs();
setInterval(() => {
  const [now, cpuNow] = [performance.now(), cpuMs()];
  held.push(now - before - PROBE_MS);
  worked.push(Math.min(cpuNow - cpuBefore, now - before));
  [before, cpuBefore] = [now, cpuNow];
}, PROBE_MS);

const runtime = await findRuntime();
const config = readConfig({
  options: () => undefined,
  environment: { PORT: "0", SLUICE_DATA: IN_MEMORY },
  file: null,
});
const service = await startService(config, {
  runtime,
  logging: new Logging({ level: "error", openSink: () => ({ form: "json", write: console.error }) }),
  loadRooms: () => import("../src/rooms.ts"),
});
console.log(JSON.stringify({ url: service.url, runtime: runtime.name }));
let used = process.cpuUsage();
createInterface(process.stdin).on("line", () => {
  const { user, system } = process.cpuUsage(used);
  const rss = process.memoryUsage.rss();
  console.log(JSON.stringify({ heldMs: held, workedMs: worked, cpuMs: (user + system) / 1000, rss }));
  held = [];
  worked = [];
  used = process.cpuUsage();
});
