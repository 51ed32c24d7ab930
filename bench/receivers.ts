/** Who reads the socket and counts in `bench:ingest`: each gives what it counted, to be checked. @module */

import type { ChildProcess } from "node:child_process";
import { EventParser } from "../src/client/sse.js";
import { linesOf, outputOf, start, type RuntimeCommand } from "./processes.ts";

/** Words and how often each was counted. */
export type Counts = ReadonlyMap<string, number>;

/** One who is reading. */
interface Reading {
  readonly pid: number;
  /** What it counted in all, once the sender has ended. */
  counts(): Promise<Counts>;
}

/** Starts to read a server of lines of this machine. */
export type Receiver = (port: number) => Promise<Reading>;

/** The core of receivers; the sender has the other. */
const CORE = 1;
/** The most words of a batch that can be asked for. */
const ALL_WORDS = 1_000_000;

/** A program that takes the port as its first argument and says `COUNT WORD` for each word when the server is done. */
export function program(command: readonly string[], ...args: readonly string[]): Receiver {
  return (port) => {
    const child = start([...command, String(port), ...args], { core: CORE });
    const said = outputOf(child);
    return Promise.resolve({ pid: pidOf(child), counts: async () => parseCounts(await said) });
  };
}

/** `sluice serve` with a session that reads a socket; every batch is taken whole as it is sent over SSE. */
export function service({ command }: RuntimeCommand, batchIntervalMs: number): Receiver {
  return async (port) => {
    const child = start([...command, "src/launch.js", "serve", "--port", "0", "--data", ":memory:"], {
      core: CORE,
      isQuiet: true,
    });
    const next = linesOf(child);
    const url = /http:\S+/.exec((await next()) ?? "")?.[0] ?? "";
    const source = { type: "socket", host: "127.0.0.1", port };
    const session = await post(`${url}/sessions`, { source, batchIntervalMs });
    const { body, ok } = await fetch(`${url}${session.links.self}/sse?since=earliest&top=${ALL_WORDS}`);
    if (body === null || !ok) throw new Error("The service sent no batches");
    const counted = sum(batchesOf(body));
    return {
      pid: pidOf(child),
      async counts() {
        await untilAway(`${url}${session.links.self}`);
        await post(`${url}${session.links.stop}`, { graceful: true });
        const counts = await counted;
        child.kill();
        return counts;
      },
    };
  };
}

interface Representation {
  readonly source: { readonly connected: boolean };
  readonly links: { readonly self: string; readonly stop: string };
}

async function post(url: string, body: unknown): Promise<Representation> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Representation;
}

/** The sender has ended: what it sent last is still being read, until the session has seen the end. */
async function untilAway(url: string): Promise<void> {
  while (((await (await fetch(url)).json()) as Representation).source.connected) {
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}

async function* batchesOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<[string, number][]> {
  const parser = new EventParser();
  for await (const bytes of body)
    for (const { type, data } of parser.push(bytes))
      if (type === "batch") yield (JSON.parse(data) as { counts: [string, number][] }).counts;
}

async function sum(batches: AsyncIterable<readonly (readonly [string, number])[]>): Promise<Counts> {
  const sums = new Map<string, number>();
  for await (const batch of batches) for (const [word, count] of batch) sums.set(word, (sums.get(word) ?? 0) + count);
  return sums;
}

/** What a program says: `COUNT WORD` in each line. */
export function parseCounts(said: string): Counts {
  const lines = said.split("\n").slice(0, -1);
  return new Map(lines.map((line) => [line.slice(line.indexOf(" ") + 1), Number.parseInt(line, 10)]));
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error("Cannot start a receiver");
  return pid;
}
