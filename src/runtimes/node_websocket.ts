/** WebSockets on Node: the `ws` library behind our own upgrade handling. @module */

import { STATUS_CODES, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type ServerOptions, type WebSocket } from "ws";
import { MAX_MESSAGE_BYTES, type Connection, type FetchHandler, type OpenConnection } from "../runtime.ts";

/** What a request to upgrade brings along. */
export interface NodeUpgrade {
  readonly incoming: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  protocol: string | null;
  upgraded: boolean;
}

/** How long the other side may take to answer a close, in ms, before the connection is cut. */
const CLOSE_TIMEOUT_MS = 2000;

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

/** Answers an upgrade request as the app wants: with a WebSocket, or with a plain response and the end of the connection. */
export async function answerUpgrade(fetch: FetchHandler, native: NodeUpgrade): Promise<void> {
  const { incoming, socket } = native;
  socket.on("error", () => socket.destroy());
  if (!asksForWebSocket(incoming)) {
    refuseBriefly(socket);
    return;
  }
  try {
    const url = new URL(incoming.url ?? "/", `http://${incoming.headers.host ?? "localhost"}`);
    const headers = new Headers();
    for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2) {
      headers.append(incoming.rawHeaders[i] ?? "", incoming.rawHeaders[i + 1] ?? "");
    }
    const response = await fetch(new Request(url, { method: incoming.method ?? "GET", headers }), native);
    if (!native.upgraded) await refuse(socket, response);
  } catch {
    // A Host or a header that makes no URL or request.
    refuseBriefly(socket);
  }
}

/** Whether a request asks for the one upgrade there is here. */
export function asksForWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === "websocket";
}

/** Makes the WebSocket; called by the app while it answers. */
export function acceptUpgrade(native: NodeUpgrade, protocol: string | null, open: OpenConnection): void {
  const { incoming, socket, head } = native;
  if (protocol !== null) protocols.set(incoming, protocol);
  native.upgraded = true;
  // A handshake that is not RFC 6455's is answered by the library.
  server.handleUpgrade(incoming, socket, head, (webSocket) => connect(webSocket, socket, open));
}

/** Ends every WebSocket at once. */
export function terminateAll(): void {
  for (const webSocket of server.clients) webSocket.terminate();
}

function connect(webSocket: WebSocket, socket: Duplex, open: OpenConnection): void {
  const connection: Connection = {
    write: (bytes) => webSocket.send(bytes, { binary: false }),
    get buffered() {
      return webSocket.bufferedAmount;
    },
    end: (code = 1000, reason = "") => webSocket.close(code, reason),
    terminate: () => webSocket.terminate(),
    ping: () => webSocket.ping(),
  };
  // The library closes the connection after an error; it only must be heard.
  webSocket.on("error", () => {});
  const handlers = open(connection);
  webSocket.on("message", (data: Buffer, isBinary) => handlers.message(isBinary ? undefined : data.toString()));
  webSocket.on("pong", () => handlers.pong());
  webSocket.on("close", () => handlers.closed());
  socket.on("drain", () => handlers.drained());
}

function refuseBriefly(socket: Duplex): void {
  socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
}

async function refuse(socket: Duplex, response: Response): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer());
  const lines = [`HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ""}`];
  response.headers.forEach((value, name) => lines.push(`${name}: ${value}`));
  lines.push("connection: close", `content-length: ${body.length}`, "", "");
  socket.end(Buffer.concat([Buffer.from(lines.join("\r\n")), body]));
}
