/** Node: `node:http` under Hono's adapter, streams on the raw response. @module */

import { createServer, type Server, type ServerOptions, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { every, sleep, systemClock } from "../clock.ts";
import type { Connection, Listener, ListenOptions, OpenConnection, Runtime } from "../runtime.ts";
import { newSha256, sha256 } from "./digest.ts";
import { acceptUpgrade, answerUpgrade, asksForWebSocket, terminateAll, type NodeUpgrade } from "./node_websocket.ts";

/** Times after which a connection that dawdles is closed, in ms. */
const SERVER_OPTIONS: ServerOptions = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 2000,
  // Java's client and `curl --http2` offer an upgrade to h2c with every request. Such a request is to be answered as any
  // other, body and all; Node before 22.21 and 24.9 does not know this and hands it to `upgrade`, where it is refused.
  shouldUpgradeCallback: asksForWebSocket,
};

export const nodeRuntime: Runtime = {
  name: `node ${process.versions.node}`,
  digest: sha256,
  newHash: newSha256,
  stream({ native }, headers, open) {
    const { outgoing } = native as { outgoing: ServerResponse };
    outgoing.writeHead(200, { ...headers });
    outgoing.flushHeaders();
    connect(outgoing, open);
    return RESPONSE_ALREADY_SENT;
  },
  upgrade({ native }, protocol, open) {
    // With `Upgrade` but without `Connection: Upgrade` it came as a plain request.
    if (!("socket" in (native as object))) return new Response(null, { status: 400 });
    acceptUpgrade(native as NodeUpgrade, protocol, open);
    return new Response(null);
  },
  listen,
};

function connect(outgoing: ServerResponse, open: OpenConnection): void {
  const connection: Connection = {
    write: (bytes) => void outgoing.write(bytes),
    get buffered() {
      return outgoing.writableLength;
    },
    end: () => void outgoing.end(),
    terminate: () => void outgoing.destroy(),
  };
  outgoing.on("error", () => {});
  const handlers = open(connection);
  outgoing.on("drain", () => handlers.drained());
  outgoing.on("close", () => handlers.closed());
}

function listen({ host, port, fetch }: ListenOptions): Promise<Listener> {
  const server = createServer(SERVER_OPTIONS, getRequestListener(fetch, { overrideGlobalObjects: false }));
  const unused = unusedConnections(server);
  server.on("upgrade", (incoming, socket, head) => {
    void answerUpgrade(fetch, { incoming, socket, head, protocol: null, upgraded: false });
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
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
  terminateAll();
}
