import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import * as library from "ws";
import { httpChunk, webSocketText, writeFramed, type Framed } from "../../src/runtimes/frames.ts";

/** Not in its types. */
const { Sender } = library as unknown as { Sender: { frame(data: Buffer, options: object): Buffer[] } };
const SIZES = [0, 1, 125, 126, 65_535, 65_536, 200_000];
const bytesOf = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, i) => 97 + (i % 26));

function written(framed: Framed): Buffer {
  const socket = new PassThrough({ highWaterMark: 1024 * 1024 });
  writeFramed(socket, framed);
  return (socket.read() as Buffer | null) ?? Buffer.alloc(0);
}

describe("webSocketText", () => {
  test.each(SIZES)("frames %i bytes as ws does", (size) => {
    const bytes = bytesOf(size);
    const theirs = Sender.frame(Buffer.from(bytes), { fin: true, opcode: 1, mask: false, readOnly: true, rsv1: false });
    expect(written(webSocketText(bytes)).equals(Buffer.concat(theirs))).toBe(true);
  });

  test("makes the frame of an array once, and copies no long one", () => {
    const [short, long] = [bytesOf(900), bytesOf(100_000)];
    expect(webSocketText(short)).toBe(webSocketText(short));
    expect(webSocketText(short)).toHaveLength(1);
    expect(webSocketText(long).includes(long)).toBe(true);
  });
});

describe("httpChunk", () => {
  test.each(SIZES.slice(1))("has %i bytes behind their number", (size) => {
    const text = written(httpChunk(bytesOf(size))).toString();
    expect(text).toBe(`${size.toString(16)}\r\n${Buffer.from(bytesOf(size)).toString()}\r\n`);
  });
});
