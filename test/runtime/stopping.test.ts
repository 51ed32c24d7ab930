/** How a service with many followers stops, and what of it is there when it starts again. @module */

import { performance } from "node:perf_hooks";
import { describe, expect, test, vi } from "vitest";
import { sized } from "../support/size.ts";
import { temporaryFolder } from "../support/stores.ts";
import { PATIENCE, QUIET, read, startSession, type OwnSession } from "./client.ts";
import type { BatchJson, SessionJson } from "./json.ts";
import { RUNTIMES, startServer, type RuntimeName, type Server } from "./server.ts";
import { follow } from "./sse.ts";
import { connect } from "./ws.ts";

const SESSIONS = sized(8, 64);
const FOLLOWERS = sized(100, 1000);
const DEADLINE_MS = 10_000;

/** What a follower was told from the moment on at which the service was asked to stop. */
interface Told {
  readonly session: string;
  readonly last: BatchJson | undefined;
  readonly states: readonly string[];
  /** Of a WebSocket. */
  readonly code?: number;
}

type Event = Readonly<{ event: string; data: unknown }>;

test.for(RUNTIMES)(
  "SIGTERM: last batches are kept, every follower is told, and the process on %s ends with 0 within 10 s",
  { timeout: 900_000 },
  async (runtime) => {
    await using folder = await temporaryFolder();
    for (let round = 0; round < sized(1, runtime === "node" ? 20 : 3); round++) {
      expect(await stopOnce(runtime, folder.path)).toBeLessThan(DEADLINE_MS);
    }
  },
);

/** Gives how long the stop took, in ms. */
async function stopOnce(runtime: RuntimeName, folder: string): Promise<number> {
  const options = { folder, args: ["--max-sessions", String(SESSIONS)] };
  await using server = await startServer(runtime, options);
  const sessions = await Promise.all(Array.from({ length: SESSIONS }, () => startSession(server, QUIET)));
  const open = Array.from({ length: FOLLOWERS }, (_, i) =>
    (i % 2 === 0 ? hearEvents : hearMessages)(sessions[i % SESSIONS]!),
  );
  const hearing = await Promise.all(open);
  await vi.waitFor(async () => expect(await linesOf(server, sessions)).toBeGreaterThan(SESSIONS), PATIENCE);

  const asked = performance.now();
  server.terminate();
  const told = await Promise.all(hearing.map((hear) => hear()));
  const { code, stderr } = await server.exit;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const tookMs = performance.now() - asked;
  expect(told.map(({ last }) => [last?.seq, last?.partial])).toEqual(told.map(() => [1, true]));
  // Who has its last batch may be let go before the end is told to others.
  expect(told.map(({ states }) => states.at(-1))).toEqual(told.map(() => expect.stringMatching(/^stopp(?:ing|ed)$/)));
  const codes = told.flatMap((one) => one.code ?? []);
  expect(codes).toEqual(Array.from({ length: FOLLOWERS / 2 }, () => 1012));

  await using again = await startServer(runtime, options);
  for (const { session, last } of told) {
    const kept = await read<BatchJson>(fetch(`${again.url}/sessions/${session}/batches/1`));
    expect([kept.hash, kept.lines > 0]).toEqual([last?.hash, true]);
  }
  await Promise.all(sessions.map(({ id }) => fetch(`${again.url}/sessions/${id}`, { method: "DELETE" })));
  return tookMs;
}

async function linesOf({ url }: Server, sessions: readonly OwnSession[]): Promise<number> {
  const each = sessions.map(({ id }) => read<SessionJson>(fetch(`${url}/sessions/${id}`)));
  return Math.min(...(await Promise.all(each)).map(({ source }) => source.sent.lines)) * sessions.length;
}

/** Follows by Server-Sent Events; what is returned reads to the end. */
async function hearEvents({ id, url }: OwnSession): Promise<() => Promise<Told>> {
  const stream = await follow(`${url}/sse`);
  await stream.next("state");
  return async () => {
    const events: Event[] = [];
    for (let event = await stream.take(); event !== undefined; event = await stream.take()) {
      events.push({ event: event.event, data: event.data });
    }
    return toldBy(id, events);
  };
}

/** The same by WebSocket. */
async function hearMessages({ id, url }: OwnSession): Promise<() => Promise<Told>> {
  const socket = await connect(`${url}/ws`);
  await socket.next("state");
  return async () => {
    const events: Event[] = [];
    for (let data = await socket.take(); data !== undefined; data = await socket.take()) {
      events.push({ event: data.type, data });
    }
    return { ...toldBy(id, events), code: (await socket.closed).code };
  };
}

function toldBy(session: string, events: readonly Event[]): Told {
  const states = events.filter(({ event }) => event === "state").map(({ data }) => (data as SessionJson).state);
  return { session, states, last: events.findLast(({ event }) => event === "batch")?.data as BatchJson | undefined };
}

describe.concurrent.each(RUNTIMES)("a second SIGTERM, on %s", (runtime) => {
  test("ends the process at once", async () => {
    await using server = await startServer(runtime);
    const session = await startSession(server, QUIET);
    await using stream = await follow(`${session.url}/sse`);
    await stream.next("state");
    // Stopped it takes both signals at the same time, when it goes on.
    process.kill(server.pid, "SIGSTOP");
    server.terminate();
    process.kill(server.pid, "SIGINT");
    process.kill(server.pid, "SIGCONT");
    expect([130, 143]).toContain((await server.exit).code);
  });
});
