/** Who sends batches in `bench:delivery`: the service on each runtime, and its peers. @module */

import type { ChildProcess } from "node:child_process";
import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { createServer, type AddressInfo, type Server } from "node:net";
import { join } from "node:path";
import { versionOf } from "./harness.ts";
import { compile, linesOf, start, type RuntimeCommand } from "./processes.ts";

export type Transport = "ws" | "sse";

/** What is to be sent. */
export interface Load {
  readonly transport: Transport;
  /** At each multiple of it on the wall clock there is a batch, whose `time` says so. */
  readonly intervalMs: number;
  /** Of a batch, about. */
  readonly bytes: number;
}

/** One who is sending. */
export interface Broadcaster {
  readonly pid: number;
  readonly port: number;
  /** What a follower asks for. */
  readonly path: string;
  /** What it says first over its WebSocket. */
  readonly say?: string;
  stop(): void;
}

/** Starts one. */
export type Start = (load: Load) => Promise<Broadcaster>;

/** Servers have this core, followers the other. */
const CORE = 1;

/** A program that says "port N". */
async function program(command: readonly string[], path: string = "/"): Promise<Broadcaster> {
  const child = start(command, { core: CORE });
  const port = Number(/port (\d+)/.exec((await linesOf(child)()) ?? "")?.[1]);
  if (!(port > 0)) throw new Error(`${command.join(" ")} ended before it listened`);
  return { pid: pidOf(child), port, path, stop: () => child.kill("SIGKILL") };
}

/** The loop in C; undefined where there is no compiler. */
export function nativeLoop(folder: string): Start | undefined {
  const path = compile("broadcaster", folder);
  if (path === undefined) return undefined;
  return ({ intervalMs, bytes }) => program([path, String(intervalMs), String(bytes)]);
}

/** What one would write first, on this Node. */
export function naive({ transport, intervalMs, bytes }: Load): Promise<Broadcaster> {
  const file = join(import.meta.dirname, "naive_broadcast.ts");
  return program([process.execPath, file, transport, String(intervalMs), String(bytes)]);
}

/** A batch of the service without its words, and what one word adds. */
const EMPTY_BATCH_BYTES = 680;
const WORD_BYTES = 11;

/** `sluice serve` with one session, whose batches are as long as wanted because they have so many words. */
export function service({ command }: RuntimeCommand): Start {
  return async ({ transport, intervalMs, bytes }) => {
    const words = Math.max(0, Math.round((bytes - EMPTY_BATCH_BYTES) / WORD_BYTES));
    const line = Array.from({ length: words }, (_, i) => `w${String(i).padStart(3, "0")}`).join(" ");
    const source = await says(line, intervalMs);
    const args = ["src/launch.js", "serve", "--port", "0", "--data", ":memory:"];
    const child = start([...command, ...args], { core: CORE, isQuiet: true });
    const url = /http:\S+/.exec((await linesOf(child)()) ?? "")?.[0];
    if (url === undefined) throw new Error("The service ended before it listened");
    const { port } = source.address() as AddressInfo;
    const spec = { source: { type: "socket", host: "127.0.0.1", port }, batchIntervalMs: intervalMs };
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${url}/sessions`, { method: "POST", headers, body: JSON.stringify(spec) });
    if (!answer.ok) throw new Error(`The service answered ${answer.status}: ${await answer.text()}`);
    const { id } = (await answer.json()) as { id: string };
    return {
      pid: pidOf(child),
      port: Number(new URL(url).port),
      path: `/sessions/${id}/${transport}?since=now`,
      stop() {
        child.kill("SIGKILL");
        source.close();
      },
    };
  };
}

/** A server that says a line in the midst of each interval. */
function says(line: string, intervalMs: number): Promise<Server> {
  const server = createServer((socket) => {
    let timer: NodeJS.Timeout;
    const next = (): void => {
      const time = (Math.floor(Date.now() / intervalMs + 0.5) + 0.5) * intervalMs;
      timer = setTimeout(() => {
        socket.write(`${line}\n`);
        next();
      }, time - Date.now());
    };
    next();
    socket.on("error", () => {});
    socket.on("close", () => clearTimeout(timer));
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}

const CENTRIFUGO = "github.com/centrifugal/centrifugo/v6@v6.9.1";
const CHANNEL = "batches";

/** Centrifugo, built by Go into a folder; undefined where it cannot be had. Its bench publishes over HTTP at each batch time. */
export function centrifugo(folder: string): Start | undefined {
  if (versionOf("go", "version") === undefined) return undefined;
  try {
    const env = { ...process.env, GOBIN: folder };
    execFileSync("go", ["install", CENTRIFUGO], { env, stdio: ["ignore", "ignore", "pipe"] });
  } catch {
    return undefined;
  }
  return (load) => centrifugoRunning(folder, load);
}

async function centrifugoRunning(folder: string, { transport, intervalMs, bytes }: Load): Promise<Broadcaster> {
  const port = await freePort();
  const config = join(folder, "centrifugo.json");
  await writeFile(
    config,
    JSON.stringify({
      client: { insecure: true },
      http_api: { insecure: true },
      http_server: { address: "127.0.0.1", port },
      uni_websocket: { enabled: true },
      uni_sse: { enabled: true },
      log: { level: "none" },
    }),
  );
  const child = start([join(folder, "centrifugo"), "--config", config], { core: CORE, isQuiet: true });
  const url = `http://127.0.0.1:${port}`;
  while (!(await isThere(`${url}/health`)) && child.exitCode === null) await new Promise(setImmediate);
  if (child.exitCode !== null) throw new Error(`Centrifugo ended with ${child.exitCode}`);
  const stop = publish(`${url}/api/publish`, { intervalMs, bytes });
  const connect = JSON.stringify({ subs: { [CHANNEL]: {} } });
  return {
    pid: pidOf(child),
    port,
    path:
      transport === "ws"
        ? "/connection/uni_websocket"
        : `/connection/uni_sse?cf_connect=${encodeURIComponent(connect)}`,
    say: connect,
    stop() {
      stop();
      child.kill("SIGKILL");
    },
  };
}

async function isThere(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

function publish(url: string, { intervalMs, bytes }: Omit<Load, "transport">): () => void {
  let seq = 0;
  let timer: NodeJS.Timeout;
  const send = (time: number): void => {
    const head = { type: "batch", seq: ++seq, time: new Date(time).toISOString(), rest: "" };
    const data = { ...head, rest: "x".repeat(Math.max(0, bytes - JSON.stringify(head).length)) };
    // One that fails is missed by all followers, who say so; the last ones have nobody to hear them.
    fetch(url, { method: "POST", body: JSON.stringify({ channel: CHANNEL, data }) }).catch(() => {});
    next();
  };
  const next = (): void => {
    const time = (Math.floor(Date.now() / intervalMs) + 1) * intervalMs;
    timer = setTimeout(
      () => {
        while (Date.now() < time);
        send(time);
      },
      time - Date.now() - 2,
    );
  };
  next();
  return () => clearTimeout(timer);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error("Cannot start a broadcaster");
  return pid;
}
