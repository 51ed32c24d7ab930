/**
 * From the start of a process to the first byte of its first answer, and its memory when nothing happens, of `sluice serve` beside a
 * hello-world of Hono, on every runtime there is. Both run as they are: Sluice from its sources, with the compile cache that it keeps on
 * Node (cold: emptied before each start), and as the bundle of the Docker image, always cold as in a new container; the hello-world from
 * `bench/hello/`, in plain JavaScript on Node, so that it has no types to strip. Lower is better: a ratio is to be 1.15 at the most. Run it with `npm run bench:start`: a table goes to standard error, JSON to standard output.
 *
 * Options: `--rounds N` (default 15), `--path P` that is asked for (default `/`), `--idle S` after which memory is read (default 2).
 * Linux only: memory and processor time are read from `/proc`. @module
 */

import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compare, print, show, versionOf, type Contender, type Row } from "./harness.ts";

const ROOT = join(import.meta.dirname, "..");
const POLL_MS = 0.5;
const LIMIT_MS = 30_000;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "15" },
    path: { type: "string", default: "/" },
    idle: { type: "string", default: "2" },
  },
});
const dir = await mkdtemp(join(tmpdir(), "sluice-start-"));
const bin = (name: string): string => join(ROOT, "node_modules/.bin", name);

/** A server that is started, asked once, and left alone for a while before its memory is read. */
function contender(name: string, command: readonly string[], prepare?: () => Promise<void>): Contender {
  return {
    name,
    async run() {
      await prepare?.();
      for (;;) {
        const port = await freePort();
        const begun = performance.now();
        const server = start(command, port);
        try {
          if (!(await answers(server, port, begun))) continue;
          const ms = performance.now() - begun;
          const cpuMs = await processorMs(server);
          await new Promise((resolve) => setTimeout(resolve, Number(values.idle) * 1000));
          return { "start ms": ms, "start CPU ms": cpuMs, ...(await memory(server)) };
        } finally {
          // Asked to stop, not killed: Node writes its compile cache at the end.
          server.kill("SIGTERM");
          if (server.exitCode === null && server.signalCode === null) await once(server, "close");
        }
      }
    },
  };
}

function start([program = "", ...args]: readonly string[], port: number): ChildProcess {
  const { NODE_COMPILE_CACHE: _own, ...env } = process.env;
  return spawn(program, args, {
    cwd: ROOT,
    env: { ...env, TMPDIR: dir, SLUICE_DATA: join(dir, String(port)), PORT: String(port) },
    stdio: "ignore",
  });
}

/** Asks until there is an answer; false when the process has ended, because somebody else took the port. */
async function answers(server: ChildProcess, port: number, begun: number): Promise<boolean> {
  while (!(await answered(port))) {
    if (server.exitCode !== null) return false;
    if (performance.now() - begun > LIMIT_MS) throw new Error(`A server did not answer in ${LIMIT_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return true;
}

function answered(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.write(`GET ${values.path} HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\n\r\n`);
    });
    socket.once("data", (head: Buffer) => {
      resolve(head.toString("latin1").startsWith("HTTP/1.1 200"));
      socket.destroy();
    });
    socket.once("error", () => resolve(false));
    socket.once("close", () => resolve(false));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

/** Time of all processors that the process's threads have had. */
async function processorMs({ pid }: ChildProcess): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`);
  const stats = await Promise.all(threads.map((id) => readFile(`/proc/${pid}/task/${id}/schedstat`, "utf8")));
  return stats.reduce((sum, stat) => sum + Number(stat.split(" ")[0]), 0) / 1e6;
}

/** `private`: what no other process shares. */
async function memory({ pid }: ChildProcess): Promise<{ "RSS MB": number; "private MB": number }> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, "utf8");
  const megabytes = (field: string): number => Number(new RegExp(`^${field}: +(\\d+) kB$`, "m").exec(text)?.[1]) / 1024;
  return { "RSS MB": megabytes("Rss"), "private MB": megabytes("Private_Clean") + megabytes("Private_Dirty") };
}

const hello = (file: string): string => join("bench/hello", file);
const DENO = ["run", "--allow-net", "--allow-read", "--allow-write", "--allow-env"];
const emptyCache = (): Promise<void> => rm(join(dir, "node-compile-cache"), { recursive: true, force: true });

const RUNTIMES: Readonly<Record<string, readonly Contender[]>> = {
  node: [
    contender("hello-world", [bin("node"), hello("node.js")]),
    contender("sluice", [bin("node"), "src/launch.js", "serve"]),
    contender("sluice, bundled", [bin("node"), join(dir, "bundle/src/launch.js"), "serve"], emptyCache),
    // The last: it leaves the cache full for the next round.
    contender("sluice, cold", [bin("node"), "src/launch.js", "serve"], emptyCache),
  ],
  deno: [
    contender("hello-world", [bin("deno"), ...DENO, hello("deno.ts")]),
    contender("sluice", [bin("deno"), ...DENO, "src/deno.ts"]),
  ],
  bun: [contender("hello-world", [bin("bun"), hello("bun.ts")]), contender("sluice", [bin("bun"), "src/bun.ts"])],
};

execFileSync(join(ROOT, ".ci/bundle"), [join(dir, "bundle")]);
const results: Record<string, readonly Row[]> = {};
for (const [name, contenders] of Object.entries(RUNTIMES)) {
  if (versionOf(bin(name)) === undefined) continue;
  // Once unmeasured: the caches of the system and of the runtimes are as they are from the second start on.
  for (const each of contenders) await each.run();
  const rows = await compare(contenders, Number(values.rounds));
  show(name, rows);
  results[name] = rows;
}
await rm(dir, { recursive: true });
const versions = Object.fromEntries(Object.keys(RUNTIMES).map((name) => [name, versionOf(bin(name))]));
print({ bench: "start", path: values.path, versions, results });
