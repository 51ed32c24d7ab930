/** What is sent to make a service burst: more than it can hold, or more than it can answer. @module */

import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { sized } from "../support/size.ts";
import { CONTINUATION, frame, PING, TEXT } from "./frames.ts";
import { handshakeOf, RawWebSocket } from "./raw_websocket.ts";

/** What bombs are thrown at. */
export interface Target {
  readonly port: number;
  readonly session: string;
  readonly epoch: string;
}

const CHUNK = Buffer.alloc(64 * 1024, "x");

/** Writes so many bytes, as fast as they are taken; fewer where the other side has enough. Gives how many. */
export async function pour(socket: Socket, bytes: number, chunk: Buffer = CHUNK): Promise<number> {
  let poured = 0;
  for (; poured < bytes && socket.writable; poured += chunk.length) {
    if (!socket.write(chunk)) await roomOf(socket);
  }
  return poured;
}

/** Resolves when a socket has room again, or is closed. */
function roomOf(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off("drain", done).off("close", done);
      resolve();
    };
    socket.on("drain", done).on("close", done);
  });
}

/** Sends a request whose body has so many bytes; gives the status of the answer, "cut" where there is none. */
export async function bigBody({ port }: Target, bytes: number, isChunked: boolean): Promise<string> {
  const socket = connect({ host: "127.0.0.1", port });
  socket.on("error", () => {});
  let text = "";
  socket.on("data", (data) => (text += data.toString("latin1")));
  const closed = once(socket, "close").catch(() => {});
  const length = isChunked ? "Transfer-Encoding: chunked" : `Content-Length: ${bytes}`;
  socket.write(`POST /sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${length}\r\n\r\n`);
  const chunk = Buffer.concat([Buffer.from(`${CHUNK.length.toString(16)}\r\n`), CHUNK, Buffer.from("\r\n")]);
  await pour(socket, bytes, isChunked ? chunk : CHUNK);
  socket.end();
  await closed;
  return /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? "cut";
}

/** Pours a message that does not end over a WebSocket, in one frame or in many; gives how many bytes were taken. */
export async function bigMessage(
  { port }: Target,
  bytes: number,
  manner: "frame" | "fragments" | "empty",
): Promise<number> {
  const client = new RawWebSocket(port, handshakeOf("/ws", { "Sec-WebSocket-Extensions": "permessage-deflate" }));
  await client.answer;
  const payload = manner === "empty" ? Buffer.alloc(0) : CHUNK;
  if (manner === "frame") client.socket.write(frame(TEXT, "", { length: BigInt(bytes) }));
  else client.socket.write(frame(TEXT, payload, { fin: false }));
  const fragment = frame(CONTINUATION, payload, { fin: false });
  const chunk = manner === "empty" ? Buffer.concat(Array.from({ length: 8000 }, () => fragment)) : fragment;
  const poured = await pour(client.socket, bytes, manner === "frame" ? CHUNK : chunk);
  client.socket.destroy();
  await client.over;
  return poured;
}

/** Asks for answers without end and takes none of them, for as long as it is listened to; gives how many bytes were taken. */
export async function neverReads(
  { port, session, epoch }: Target,
  bytes: number,
  manner: "resume" | "subscribe" | "ping" | "pipeline",
): Promise<number> {
  const socket = connect({ host: "127.0.0.1", port });
  socket.on("error", () => {});
  socket.write(manner === "pipeline" ? "" : handshakeOf(manner === "resume" ? `/sessions/${session}/ws` : "/ws"));
  if (manner !== "pipeline") await Promise.race([once(socket, "data"), once(socket, "close")]);
  socket.pause();
  const one = {
    resume: frame(TEXT, JSON.stringify({ type: "resume", after: `${epoch}:0` })),
    subscribe: frame(TEXT, JSON.stringify({ type: "subscribe", session: "x".repeat(1000) })),
    ping: frame(PING, "x".repeat(125)),
    pipeline: Buffer.from("GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"),
  }[manner];
  const chunk = Buffer.concat(Array.from({ length: Math.ceil(CHUNK.length / one.length) }, () => one));
  const patience = AbortSignal.timeout(sized(500, 3000));
  patience.addEventListener("abort", () => socket.destroy());
  return pour(socket, bytes, chunk);
}
