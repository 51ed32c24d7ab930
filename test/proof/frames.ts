/** WebSocket frames by hand, right and wrong (RFC 6455, section 5.2). @module */

/** Opcodes. */
export const CONTINUATION = 0;
export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

const MASK = Buffer.of(0x37, 0xfa, 0x21, 0x3d);

/** How a frame differs from a masked final one of the shortest form. */
export interface Odd {
  readonly fin?: boolean;
  /** The three reserved bits, RSV1 is 4. */
  readonly rsv?: number;
  /** Null: not masked. */
  readonly mask?: Buffer | null;
  /** Bytes of the length: 1, 3 or 9. */
  readonly lengthBytes?: number;
  /** Said instead of the true length. */
  readonly length?: bigint;
}

/** One frame of a client. */
export function frame(opcode: number, payload: string | Buffer = "", odd: Odd = {}): Buffer {
  const { fin = true, rsv = 0, mask = MASK } = odd;
  const plain = Buffer.from(payload as string);
  const length = lengthOf(odd.length ?? BigInt(plain.length), odd.lengthBytes);
  length[0]! |= mask === null ? 0 : 0x80;
  const head = Buffer.concat([Buffer.of((fin ? 0x80 : 0) | (rsv << 4) | opcode), length]);
  if (mask === null) return Buffer.concat([head, plain]);
  return Buffer.concat([head, mask, Buffer.from(plain.map((byte, i) => byte ^ mask[i & 3]!))]);
}

/** A length in as many bytes, or as few as it takes. */
function lengthOf(length: bigint, bytes: number = length < 126n ? 1 : length < 65_536n ? 3 : 9): Buffer {
  const field = Buffer.alloc(bytes, bytes === 9 ? 127 : 126);
  if (bytes === 1) field[0] = Number(length);
  else if (bytes === 3) field.writeUInt16BE(Number(length), 1);
  else field.writeBigUInt64BE(length, 1);
  return field;
}

/** The payload of a close frame. */
export function closing(code: number, reason: string | Buffer = ""): Buffer {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(code);
  return Buffer.concat([head, Buffer.from(reason as string)]);
}

/** A frame of a server. */
export interface Frame {
  readonly fin: boolean;
  readonly opcode: number;
  readonly payload: Buffer;
}

/** Takes a server's frames out of its bytes; throws where they are none. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  push(bytes: Buffer): Frame[] {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    const frames: Frame[] = [];
    for (let one = this.#next(); one !== undefined; one = this.#next()) frames.push(one);
    return frames;
  }

  #next(): Frame | undefined {
    const rest = this.#rest;
    if (rest.length < 2) return undefined;
    const short = rest[1]!;
    if ((rest[0]! & 0x70) !== 0 || short > 127)
      throw new Error(`A server's frame begins with ${rest.toString("hex", 0, 2)}`);
    const start = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (rest.length < start) return undefined;
    const length = short < 126 ? short : short === 126 ? rest.readUInt16BE(2) : Number(rest.readBigUInt64BE(2));
    if (rest.length < start + length) return undefined;
    this.#rest = rest.subarray(start + length);
    return { fin: rest[0]! > 127, opcode: rest[0]! & 15, payload: rest.subarray(start, start + length) };
  }
}
