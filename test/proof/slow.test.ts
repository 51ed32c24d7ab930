import { connect, type Socket } from "node:net";
import { expect, test, vi } from "vitest";
import { every, systemClock } from "../../src/clock.ts";
import type { SessionJson } from "../runtime/json.ts";
import { startServer, type RuntimeName, type Server } from "../runtime/server.ts";
import { sized } from "../support/size.ts";
import { descriptorsOf, hasProc } from "./process.ts";
import { handshakeOf } from "./raw_websocket.ts";

/** Sockets of each sort. */
const SOCKETS = sized(20, 200);
/** What dawdles is let go of within so long, in ms; a WebSocket after two pings without a pong. */
const GONE_WITHIN_MS = 20_000;
const SOCKET_GONE_WITHIN_MS = 36_000;
/** Others wait no longer than this, or than so many times what they wait without, at the 99th percentile. */
const MOST_MS = 50;
const MOST_RATIO = 5;
const ASK_EVERY_MS = 20;
const QUIET_MS = sized(3000, 10_000);

/** One sort: what is said at once, and what every second. */
interface Sort {
  readonly first: string;
  readonly next?: string;
}

const HOST = "Host: localhost\r\n";
const POST = `POST /sessions HTTP/1.1\r\n${HOST}Content-Type: application/json\r\n`;

/** HTTP that does not go on. */
const HTTP: Readonly<Record<string, Sort>> = {
  "says nothing": { first: "" },
  "says a header a second": { first: `GET / HTTP/1.1\r\n${HOST}`, next: "X: y\r\n" },
  "stops in the midst of a header": { first: "GET / HTTP/1.1\r\nHos" },
  "says a byte of a body a second": { first: `${POST}Content-Length: 1000\r\n\r\n`, next: " " },
  "says a chunk of a body a second": { first: `${POST}Transfer-Encoding: chunked\r\n\r\n`, next: "1\r\n \r\n" },
  "says a body that nobody reads": {
    first: `POST /healthz HTTP/1.1\r\n${HOST}Content-Length: 1000\r\n\r\n`,
    next: " ",
  },
  "asks for another upgrade": { first: `GET / HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: foo\r\n\r\n` },
  "asks for a WebSocket of another version": { first: handshakeOf("/ws", { "Sec-WebSocket-Version": "8" }) },
  "asks for a WebSocket of another host": { first: handshakeOf("/ws", { Host: "evil.example" }) },
  "asks for a WebSocket that there is not": { first: handshakeOf("/sessions/s_none/ws") },
};

/** WebSockets that stop in the midst of a frame. */
const webSockets = (session: string): Readonly<Record<string, Sort>> => ({
  "stops in the midst of a frame's length": { first: `${handshakeOf(`/sessions/${session}/ws`)}\x81\xfe\x00` },
  "says a byte of a message a second": {
    first: `${handshakeOf(`/sessions/${session}/ws`)}\x81\xfe\x7f\xff\x00\x00\x00\x00`,
    next: "x",
  },
});

/** Opens a socket that dawdles, and that does not end by itself when the other side ends. */
function dawdle(port: number, { first, next }: Sort): Socket {
  const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
  socket.on("error", () => {});
  socket.resume();
  socket.write(Buffer.from(first, "latin1"));
  if (next === undefined) return socket;
  const cancel = every(systemClock, 1000, () => socket.writable && socket.write(next));
  socket.on("close", cancel);
  return socket;
}

/** How long an answer takes at the 99th percentile while `until` is waited for, in ms. */
async function waitOf(url: string, until: Promise<unknown>): Promise<number> {
  const over = new AbortController();
  const isOver = (): void => over.abort();
  until.then(isOver, isOver);
  const times: number[] = [];
  while (!over.signal.aborted) {
    const start = performance.now();
    await (await fetch(url)).arrayBuffer();
    times.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0;
}

/** Opens sockets of all sorts, and waits until the process has let go of them; gives who had to wait how long meanwhile. */
async function dawdleAll(
  server: Server,
  url: string,
  { sorts, withinMs }: { sorts: readonly Sort[]; withinMs: number },
) {
  const alone = await waitOf(url, new Promise((resolve) => setTimeout(resolve, QUIET_MS)));
  const before = await descriptorsOf(server.pid);
  const sockets = sorts.flatMap((sort) => Array.from({ length: SOCKETS }, () => dawdle(server.port, sort)));
  // Not all of them: some are let go of at once.
  const come = before + sockets.length / 4;
  await expect.poll(() => descriptorsOf(server.pid), { timeout: 10_000, interval: 20 }).toBeGreaterThan(come);
  try {
    const gone = vi.waitFor(async () => expect(await descriptorsOf(server.pid)).toBeLessThanOrEqual(before + 1), {
      timeout: withinMs,
      interval: 200,
    });
    const meanwhile = await waitOf(url, gone);
    await gone;
    return { alone, meanwhile };
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

const isLong = sized(0, 1) === 1;

test.skipIf(!hasProc).concurrent.for([
  ["node", "HTTP"],
  ["bun", "HTTP"],
  ["node", "WebSocket"],
  ["deno", "WebSocket"],
  ["bun", "WebSocket"],
] as const satisfies readonly (readonly [RuntimeName, string])[])(
  "sockets that dawdle are let go of, and nobody waits for them, on %s: %s",
  { timeout: 120_000 },
  async ([runtime, protocol], { skip }) => {
    // It takes longer than all else here.
    skip(protocol === "WebSocket" && !isLong);
    await using server = await startServer(runtime);
    const { id } = (await (await fetch(`${server.url}/sessions`, { method: "POST" })).json()) as SessionJson;
    const sorts = Object.values(protocol === "HTTP" ? HTTP : webSockets(id));
    const withinMs = protocol === "HTTP" ? GONE_WITHIN_MS : SOCKET_GONE_WITHIN_MS;
    const { alone, meanwhile } = await dawdleAll(server, `${server.url}/sessions/${id}`, { sorts, withinMs });
    expect(meanwhile).toBeLessThan(Math.max(MOST_MS, MOST_RATIO * alone));
  },
);

test
  .skipIf(!hasProc)
  .concurrent("Deno answers a body that dawdles, and keeps what else dawdles", { timeout: 60_000 }, async () => {
    await using server = await startServer("deno");
    const { "says nothing": silent, "says a header a second": header, "says a byte of a body a second": body } = HTTP;
    const kept = [dawdle(server.port, silent!), dawdle(server.port, header!)];
    const answered = dawdle(server.port, body!);
    const answer = await new Promise((resolve) => answered.once("data", (bytes: Buffer) => resolve(bytes.toString())));
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    // Were they let go of, docs/deployment.md would ask for a proxy in vain.
    expect(kept.map(({ readyState }) => readyState)).toEqual(["open", "open"]);
    for (const socket of [...kept, answered]) socket.destroy();
  });
