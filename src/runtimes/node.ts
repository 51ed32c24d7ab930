/** Node: `node:http` under Hono's adapter, streams on the raw response. @module */

import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from "node:http";
import { flushCompileCache } from "node:module";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { every, sleep, systemClock } from "../clock.ts";
import { messageOf } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import type { Connection, FetchHandler, Listener, ListenOptions, OpenConnection, Runtime } from "../runtime.ts";
import { newSha256, sha256 } from "./digest.ts";
import { hasRoom, httpChunk, writeFramed } from "./frames.ts";
import { refusalOf } from "./handshake.ts";
import { inTurn } from "./node_pipeline.ts";
import type * as WebSockets from "./node_websocket.ts";

/** Times after which a connection that dawdles is closed, in ms. */
const SERVER_OPTIONS: ServerOptions = {
  headersTimeout: 10_000,
  // Bodies are looked after here: some may take their time.
  requestTimeout: 0,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 2000,
  // Java's client and `curl --http2` offer an upgrade to h2c with every request. Such a request is to be answered as any
  // other, body and all; Node before 22.21 and 24.9 does not know this and hands it to `upgrade`, where it is refused.
  shouldUpgradeCallback: asksForWebSocket,
};

/** A body that has not come so long after its request's headers ends its connection, in ms; who reads it has answered 408 before. */
const BODY_WITHIN_MS = LIMITS.maxBodyMs.value + 2000;
/** Requests whose bodies may take their time. */
const unhurried = new WeakSet<IncomingMessage>();

/** The WebSockets, once somebody has asked for one: a service listens without. */
let webSockets: typeof WebSockets | undefined;

export const nodeRuntime: Runtime = {
  name: `node ${process.versions.node}`,
  digest: sha256,
  readFile: (file) => readFile(file),
  newHash: newSha256,
  usage: async () => (await import("./usage.ts")).usageOfProcess(),
  peer({ native }) {
    // An upgrade brings its socket itself.
    const { incoming, socket = incoming.socket } = native as { incoming: IncomingMessage; socket?: Socket };
    return socket.remoteAddress;
  },
  stream({ native }, headers, open) {
    const { outgoing } = native as { outgoing: ServerResponse };
    outgoing.writeHead(200, { ...headers });
    // The head and what is said first go together.
    const { socket } = outgoing;
    socket?.cork();
    try {
      outgoing.flushHeaders();
      connect(outgoing, open);
    } finally {
      socket?.uncork();
    }
    return RESPONSE_ALREADY_SENT;
  },
  upgrade({ request, native }, protocol, open) {
    const refusal = refusalOf(request.headers);
    if (refusal !== undefined) return refusal;
    // HTTP/1.0 has no upgrades: it came as a plain request.
    if (!("socket" in (native as object))) return new Response(null, { status: 400 });
    (native as WebSockets.NodeUpgrade).accept(protocol, open);
    return new Response(null);
  },
  unhurried: ({ native }) => void unhurried.add((native as { incoming: IncomingMessage }).incoming),
  listen,
  // Node keeps what it compiled when it ends, and would not when it is killed.
  loaded: () => flushCompileCache(),
};

function connect(outgoing: ServerResponse, open: OpenConnection): void {
  outgoing.on("error", () => {});
  const { socket } = outgoing;
  if (socket === null || outgoing.destroyed) {
    const handlers = open(NOBODY);
    queueMicrotask(() => handlers.closed());
    return;
  }
  const handlers = open(directConnection(outgoing, socket));
  const drained = (): void => handlers.drained();
  socket.on("drain", drained);
  outgoing.on("close", () => {
    socket.off("drain", drained);
    handlers.closed();
  });
}

/** Whose client has gone before its answer began: nothing would tell of it any more. */
const NOBODY: Connection = { write: () => true, buffered: 0, end() {}, terminate() {} };

/** Past the response, which would make a chunk for each connection, and write it in three parts in the next turn. */
function directConnection(outgoing: ServerResponse, socket: Socket): Connection {
  const { chunkedEncoding } = outgoing;
  return {
    write(bytes) {
      // An empty chunk would be the end.
      if (outgoing.writableEnded || bytes.length === 0) return true;
      return chunkedEncoding ? writeFramed(socket, httpChunk(bytes)) : hasRoom(socket, socket.write(bytes));
    },
    get buffered() {
      return socket.writableLength;
    },
    end: () => void outgoing.end(),
    terminate: () => void outgoing.destroy(),
  };
}

function listen({ host, port, fetch }: ListenOptions): Promise<Listener> {
  const server = createServer(SERVER_OPTIONS, inTurn(getRequestListener(fetch, { overrideGlobalObjects: false })));
  const unused = unusedConnections(server);
  server.on("request", hurry);
  server.on("upgrade", (incoming, socket: Socket, head) => void answerUpgrade(fetch, { incoming, socket, head }));
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      // Running out of descriptors while accepting is survived; the client is told by TCP.
      server.on("error", () => {});
      const address = server.address();
      resolve({
        port: typeof address === "object" && address !== null ? address.port : port,
        close(graceMs) {
          const closed = close(server, graceMs);
          for (const socket of unused) socket.destroy();
          return closed;
        },
      });
    });
  });
}

/** Whether a request asks for the one upgrade there is here. */
function asksForWebSocket({ headers, httpVersion }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === "websocket" && httpVersion === "1.1";
}

/** Answers an upgrade request as the app wants: with a WebSocket, or with a plain response and the end of the connection. */
async function answerUpgrade(fetch: FetchHandler, request: WebSockets.UpgradeRequest): Promise<void> {
  const { incoming, socket } = request;
  socket.on("error", () => socket.destroy());
  if (!asksForWebSocket(incoming)) {
    refuseUpgrade(socket, "400 Bad Request");
    return;
  }
  try {
    webSockets ??= await import("./node_websocket.ts");
  } catch (failure) {
    process.emitWarning(`Cannot load what WebSockets need: ${messageOf(failure)}`);
    refuseUpgrade(socket, "500 Internal Server Error");
    return;
  }
  try {
    await webSockets.answer(fetch, request);
  } catch {
    // A Host or a header that makes no URL or request.
    refuseUpgrade(socket, "400 Bad Request");
  }
}

function refuseUpgrade(socket: Socket, status: string): void {
  socket.write(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  // Not `end`: it would wait for the other side to end, too.
  socket.destroySoon();
}

/** Ends the connection of a request whose body does not come. */
function hurry(incoming: IncomingMessage): void {
  const { headers } = incoming;
  if (headers["transfer-encoding"] === undefined && Number(headers["content-length"] ?? 0) === 0) return;
  const cancel = systemClock.after(BODY_WITHIN_MS, () => {
    if (!incoming.complete && !unhurried.has(incoming)) incoming.socket.destroy();
  });
  incoming.once("close", cancel);
}

/** Connections that have brought no request yet. Browsers hold some in reserve, and Node's `close` would wait for them. */
function unusedConnections(server: Server): ReadonlySet<Duplex> {
  const unused = new Set<Duplex>();
  server.on("connection", (socket) => {
    unused.add(socket);
    socket.once("close", () => unused.delete(socket));
  });
  server.on("request", ({ socket }) => unused.delete(socket));
  server.on("upgrade", (_incoming, socket) => unused.delete(socket));
  return unused;
}

async function close(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  // A connection can turn idle after the close; Node then leaves it open.
  const cancel = every(systemClock, 20, () => server.closeIdleConnections());
  await Promise.race([closed, sleep(systemClock, graceMs)]);
  cancel();
  server.closeAllConnections();
  webSockets?.terminateAll();
}
