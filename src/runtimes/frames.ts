/** What HTTP/1.1 and WebSocket put around bytes that go to many connections of Node: put there once. @module */

import type { Writable } from "node:stream";
import { HIGH_WATER_BYTES } from "../runtime.ts";

/** Longer bytes are not copied to have theirs: it is written before and after them. */
const MOST_COPIED_BYTES = 64 * 1024;
const CRLF = Buffer.from("\r\n");
const WHOLE_TEXT = 0x81;

/** Bytes with what goes around them, in as many parts as have to be written. */
export type Framed = readonly Uint8Array[];

type Surround = (size: number) => { readonly before: Buffer; readonly after?: Buffer };

function once(surround: Surround): (bytes: Uint8Array) => Framed {
  const known = new WeakMap<Uint8Array, Framed>();
  return (bytes) => {
    let framed = known.get(bytes);
    if (framed === undefined) {
      const { before, after } = surround(bytes.length);
      const parts = after === undefined ? [before, bytes] : [before, bytes, after];
      framed = bytes.length > MOST_COPIED_BYTES ? parts : [Buffer.concat(parts)];
      known.set(bytes, framed);
    }
    return framed;
  };
}

/** A chunk of a body whose length is not known before (RFC 9112, section 7.1). */
export const httpChunk: (bytes: Uint8Array) => Framed = once((size) => ({
  before: Buffer.from(`${size.toString(16)}\r\n`),
  after: CRLF,
}));

/** A text message of a server in one frame (RFC 6455, section 5.2). */
export const webSocketText: (bytes: Uint8Array) => Framed = once((size) => {
  if (size < 126) return { before: Buffer.of(WHOLE_TEXT, size) };
  const long = size >= 65_536;
  const before = Buffer.alloc(long ? 10 : 4);
  before[0] = WHOLE_TEXT;
  before[1] = long ? 127 : 126;
  if (long) before.writeBigUInt64BE(BigInt(size), 2);
  else before.writeUInt16BE(size, 2);
  return { before };
});

/** Writes all parts at once; returns whether there is room for more. */
export function writeFramed(socket: Writable, framed: Framed): boolean {
  const [whole] = framed;
  if (framed.length === 1 && whole !== undefined) return hasRoom(socket, socket.write(whole));
  socket.cork();
  for (const part of framed) socket.write(part);
  socket.uncork();
  return hasRoom(socket, false);
}

/** Whether there is, where Node itself says that it is so or may not be: it wants to keep less than is kept here. */
export function hasRoom(socket: Writable, isSo: boolean): boolean {
  return isSo || socket.writableLength < HIGH_WATER_BYTES;
}
