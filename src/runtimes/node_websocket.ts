/** WebSockets on Node: the `ws` library behind our own upgrade handling. @module */

import { STATUS_CODES, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { WebSocketServer, type ServerOptions, type WebSocket } from "ws";
import { MAX_MESSAGE_BYTES, type Connection, type FetchHandler, type OpenConnection } from "../runtime.ts";
import { webSocketText, writeFramed } from "./frames.ts";
import { floodGate } from "./unread.ts";

/** A request to upgrade, as Node gives it. */
export interface UpgradeRequest {
  readonly incoming: IncomingMessage;
  readonly socket: Socket;
  readonly head: Buffer;
}

/** What goes with the request when the app answers it. */
export interface NodeUpgrade {
  readonly socket: Socket;
  /** Makes it a WebSocket that speaks `protocol`, null for none. */
  accept(protocol: string | null, open: OpenConnection): void;
}

/** How long the other side may take to answer a close, in ms, before the connection is cut. */
const CLOSE_TIMEOUT_MS = 2000;
/** State of a WebSocket that is open. */
const OPEN = 1;

const OPTIONS: ServerOptions & { closeTimeout: number } = {
  noServer: true,
  closeTimeout: CLOSE_TIMEOUT_MS,
  maxPayload: MAX_MESSAGE_BYTES,
  perMessageDeflate: false,
  handleProtocols: (_offered, incoming) => protocols.get(incoming) ?? false,
};
const server = new WebSocketServer(OPTIONS);
/** The subprotocol chosen for a request. */
const protocols = new WeakMap<IncomingMessage, string>();

/** Answers as the app does: with a WebSocket, or with a plain response and the end of the connection. */
export async function answer(fetch: FetchHandler, { incoming, socket, head }: UpgradeRequest): Promise<void> {
  let isUpgraded = false;
  const native: NodeUpgrade = {
    socket,
    accept(protocol, open) {
      if (protocol !== null) protocols.set(incoming, protocol);
      isUpgraded = true;
      // A handshake that is not RFC 6455's is answered by the library.
      server.handleUpgrade(incoming, socket, head, (webSocket) => connect(webSocket, socket, open));
    },
  };
  const url = new URL(incoming.url ?? "/", `http://${incoming.headers.host ?? "localhost"}`);
  const headers = new Headers();
  for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2) {
    headers.append(incoming.rawHeaders[i] ?? "", incoming.rawHeaders[i + 1] ?? "");
  }
  const response = await fetch(new Request(url, { method: incoming.method ?? "GET", headers }), native);
  if (!isUpgraded) await refuse(socket, response);
}

/** Ends every WebSocket at once. */
export function terminateAll(): void {
  for (const webSocket of server.clients) webSocket.terminate();
}

function connect(webSocket: WebSocket, socket: Socket, open: OpenConnection): void {
  const connection: Connection = {
    // Past the library, which would make a frame for each connection: it has nothing of its own that waits, as it does not compress.
    write(bytes) {
      return webSocket.readyState !== OPEN || writeFramed(socket, webSocketText(bytes));
    },
    get buffered() {
      return socket.writableLength;
    },
    end: (code = 1000, reason = "") => webSocket.close(code, reason),
    terminate: () => webSocket.terminate(),
    ping: () => webSocket.ping(),
    pause: () => webSocket.pause(),
    resume: () => webSocket.resume(),
  };
  // The library closes the connection after an error; it only must be heard.
  webSocket.on("error", () => {});
  const mayAsk = floodGate(connection);
  const handlers = open(connection);
  webSocket.on("message", (data: Buffer, isBinary) => {
    if (mayAsk()) handlers.message(isBinary ? undefined : data.toString());
  });
  webSocket.on("pong", () => handlers.pong());
  webSocket.on("close", () => handlers.closed());
  socket.on("drain", () => handlers.drained());
}

async function refuse(socket: Socket, response: Response): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer());
  const lines = [`HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ""}`];
  response.headers.forEach((value, name) => lines.push(`${name}: ${value}`));
  lines.push("connection: close", `content-length: ${body.length}`, "", "");
  socket.write(Buffer.concat([Buffer.from(lines.join("\r\n")), body]));
  // Not `end`: it would wait for the other side to end, too.
  socket.destroySoon();
}
