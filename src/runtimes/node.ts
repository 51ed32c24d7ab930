/** Node: `node:http` under Hono's adapter, streams on the raw response. @module */

import { createHash } from "node:crypto";
import { createServer, type Server, type ServerOptions, type ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { every, sleep, systemClock } from "../clock.ts";
import type { Connection, Listener, ListenOptions, OpenConnection, Runtime } from "../runtime.ts";
import { acceptUpgrade, answerUpgrade, terminateAll, type NodeUpgrade } from "./node_websocket.ts";

/** Times after which a connection that dawdles is closed, in ms. */
const SERVER_OPTIONS: ServerOptions = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 2000,
};

export const nodeRuntime: Runtime = {
  name: `node ${process.versions.node}`,
  digest: (text) => createHash("sha256").update(text).digest("hex"),
  stream({ native }, headers, open) {
    const { outgoing } = native as { outgoing: ServerResponse };
    outgoing.writeHead(200, { ...headers });
    outgoing.flushHeaders();
    connect(outgoing, open);
    return RESPONSE_ALREADY_SENT;
  },
  upgrade({ native }, protocol, open) {
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
  server.on("upgrade", (incoming, socket, head) => {
    void answerUpgrade(fetch, { incoming, socket, head, protocol: null, upgraded: false });
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      const address = server.address();
      resolve({
        port: typeof address === "object" && address !== null ? address.port : port,
        close: (graceMs) => close(server, graceMs),
      });
    });
  });
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
