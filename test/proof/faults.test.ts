import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { QUICK, read, startSession } from "../runtime/client.ts";
import type { SessionJson } from "../runtime/json.ts";
import { runServer, RUNTIMES, startServer, type Server } from "../runtime/server.ts";
import { TcpServer } from "../support/tcp.ts";
import { closing, frame, CLOSE, TEXT } from "./frames.ts";
import { descriptorsOf, hasProc } from "./process.ts";
import { handshakeOf } from "./raw_websocket.ts";

vi.setConfig({ hookTimeout: 60_000 });

/** Resets of each kind. */
const TIMES = 20;
const PATIENCE = { timeout: 10_000, interval: 50 };
const HOST = "Host: localhost\r\n";

/** What a client has said, or begins to say, when it resets its connection; `read`: once something has come back. */
type Kind = readonly [name: string, said: (session: string) => string | Buffer, when: "at once" | "read"];

const upgrade = (session: string): string => handshakeOf(`/sessions/${session}/ws`);
const KINDS: readonly Kind[] = [
  ["that says nothing", () => "", "at once"],
  ["in the midst of a header", () => `GET / HTTP/1.1\r\nHos`, "at once"],
  ["in the midst of a body", () => `POST /sessions HTTP/1.1\r\n${HOST}Content-Length: 9\r\n\r\n{`, "at once"],
  ["that waits for an answer", () => `GET /sessions HTTP/1.1\r\n${HOST}\r\n`, "at once"],
  ["in the midst of an answer", () => `GET /openapi.json HTTP/1.1\r\n${HOST}\r\n`.repeat(50), "read"],
  ["of an event stream", (id) => `GET /sessions/${id}/sse HTTP/1.1\r\n${HOST}\r\n`, "read"],
  ["of an event stream of several", (id) => `GET /sse?session=${id} HTTP/1.1\r\n${HOST}\r\n`, "read"],
  ["of a text stream", (id) => `GET /sessions/${id}/text?since=earliest HTTP/1.1\r\n${HOST}\r\n`, "read"],
  ["in the midst of a handshake", (id) => upgrade(id).slice(0, -4), "at once"],
  ["that waits for its WebSocket", upgrade, "at once"],
  ["of a WebSocket", upgrade, "read"],
  ["of a WebSocket that is refused", () => upgrade("s_none"), "read"],
  ["of a WebSocket in the midst of a frame", (id) => `${upgrade(id)}\x81\xfe\x00`, "read"],
  [
    "of a WebSocket that closes",
    (id) => Buffer.concat([Buffer.from(upgrade(id)), frame(CLOSE, closing(1000))]),
    "at once",
  ],
  [
    "of a WebSocket that has said what is wrong",
    (id) => Buffer.concat([Buffer.from(upgrade(id)), frame(TEXT, "x")]),
    "at once",
  ],
];

/** Deno never ends a WebSocket whose client has gone before it was open, nor lets go of its descriptor. */
const KEPT_BY_DENO = new Set([
  "that waits for its WebSocket",
  "of a WebSocket that closes",
  "of a WebSocket that has said what is wrong",
]);

/** Says it, and resets the connection. */
function reset(port: number, said: string | Buffer, when: "at once" | "read"): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.on("error", () => {});
    socket.on("close", () => resolve());
    socket.on("connect", () => {
      socket.write(typeof said === "string" ? Buffer.from(said, "latin1") : said);
      if (when === "read") socket.once("data", () => socket.resetAndDestroy());
      else socket.resetAndDestroy();
    });
  });
}

describe.concurrent.each(RUNTIMES)("a service on %s", (runtime) => {
  let server: Server;
  let session: SessionJson;

  beforeAll(async () => {
    server = await startServer(runtime);
    session = await startSession(server, QUICK);
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  test("survives resets of every kind of connection, and lets all of them go", { timeout: 60_000 }, async () => {
    const before = hasProc ? await descriptorsOf(server.pid) : 0;
    for (const [name, said, when] of KINDS) {
      if (runtime === "deno" && KEPT_BY_DENO.has(name)) continue;
      await Promise.all(Array.from({ length: TIMES }, () => reset(server.port, said(session.id), when)));
    }
    // The emitter's clients, of which the session itself is one.
    await Promise.all(Array.from({ length: TIMES }, () => reset(session.source.port, "x", "at once")));
    await vi.waitFor(
      async () => expect(hasProc ? await descriptorsOf(server.pid) : 0).toBeLessThanOrEqual(before),
      PATIENCE,
    );
    await vi.waitFor(async () => {
      const { state, followers } = await read<SessionJson>(fetch(`${server.url}/sessions/${session.id}`));
      expect([state, followers]).toEqual(["running", 0]);
    }, PATIENCE);
  });

  test("goes on where the connection to its source is reset", { timeout: 30_000 }, async () => {
    const tcp = await TcpServer.listen();
    const source = { type: "socket", host: "127.0.0.1", port: tcp.port };
    const starting = startSession(server, { source, batchIntervalMs: 100 });
    (await tcp.accept()).resetAndDestroy();
    await using own = await starting;
    const now = (): Promise<SessionJson> => read<SessionJson>(fetch(own.url));
    await vi.waitFor(
      async () => expect(await now()).toMatchObject({ state: "degraded", source: { connected: false } }),
      PATIENCE,
    );
    (await tcp.accept()).write("a b\n");
    await vi.waitFor(
      async () => expect(await now()).toMatchObject({ state: "running", total: { words: 2 } }),
      PATIENCE,
    );
    await tcp.close();
  });
});

describe.concurrent.each(RUNTIMES)("on %s", (runtime) => {
  test("a service whose log nobody reads any more goes on, and stops in order", async () => {
    await using server = await startServer(runtime, { env: { SLUICE_LOG_LEVEL: "debug" } });
    server.deafen();
    const { id } = await startSession(server, QUICK);
    await read(fetch(`${server.url}/sessions/${id}`));
    await read(fetch(`${server.url}/sessions/none`), 404);
    server.terminate();
    expect((await server.exit).code).toBe(0);
  });

  test("a port that is in use is said in one line", async () => {
    await using server = await startServer(runtime);
    const { code, stdout, stderr } = await runServer(runtime, { args: ["--port", String(server.port)] });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(`Cannot listen on 127.0.0.1:${server.port}: the port is in use`);
    expect(stderr.trimEnd().split("\n").length).toBe(1);
  });

  test(
    "a service that has no descriptor for one more connection answers when there are some",
    { timeout: 60_000 },
    async () => {
      await using server = await startServer(runtime, { descriptors: 100 });
      // All of it is loaded, and its files are open.
      await read(fetch(`${server.url}/sessions`));
      const sockets: Socket[] = Array.from({ length: 200 }, () => connect({ host: "127.0.0.1", port: server.port }));
      for (const socket of sockets) socket.on("error", () => {});
      await vi.waitFor(() => expect(sockets.some(({ connecting }) => connecting)).toBe(false), PATIENCE);
      for (const socket of sockets) socket.destroy();
      // Deno's server ends, some time, and another takes its place.
      await vi.waitFor(async () => {
        const signal = AbortSignal.timeout(1000);
        expect((await fetch(`${server.url}/sessions`, { method: "POST", signal })).status).toBe(201);
      }, PATIENCE);
    },
  );
});

test.skipIf(!hasProc)("Deno keeps the descriptors of handshakes that are reset before their answer", async () => {
  await using server = await startServer("deno");
  const { id } = await startSession(server, QUICK);
  const before = await descriptorsOf(server.pid);
  await Promise.all(Array.from({ length: 100 }, () => reset(server.port, upgrade(id), "at once")));
  await read(fetch(`${server.url}/sessions/${id}`));
  // Were they let go of, docs/deployment.md would warn in vain, and the cases above could be tried on Deno, too.
  expect(await descriptorsOf(server.pid)).toBeGreaterThan(before + 10);
});
