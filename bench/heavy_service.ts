/**
 * A service whose event loop is watched from inside: for `bench/heavy.ts`, which runs it on each runtime. It says where it listens,
 * and, for each line it is sent, a line of how it was since the line before. @module
 */

import { createInterface } from "node:readline";
import type { Runtime } from "../src/runtime.ts";
import { startService } from "../src/service.ts";

/** Between two looks at the clock. */
const PROBE_MS = 2;

async function findRuntime(): Promise<Runtime> {
  if ("Bun" in globalThis) return (await import("../src/runtimes/bun.ts")).bunRuntime;
  if ("Deno" in globalThis) return (await import("../src/runtimes/deno.ts")).denoRuntime;
  return (await import("../src/runtimes/node.ts")).nodeRuntime;
}

// `monitorEventLoopDelay` is not on every runtime; it does the same with a timer.
let held: number[] = [];
let before = performance.now();
setInterval(() => {
  const now = performance.now();
  held.push(now - before - PROBE_MS);
  before = now;
}, PROBE_MS);

const runtime = await findRuntime();
const service = await startService({ host: "127.0.0.1", port: 0, token: null, folder: "." }, runtime);
console.log(JSON.stringify({ url: service.url, runtime: runtime.name }));
let used = process.cpuUsage();
createInterface(process.stdin).on("line", () => {
  const { user, system } = process.cpuUsage(used);
  console.log(JSON.stringify({ heldMs: held, cpuMs: (user + system) / 1000, rss: process.memoryUsage.rss() }));
  held = [];
  used = process.cpuUsage();
});
