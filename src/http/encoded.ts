/** Each batch is encoded once for all who get it in the same form. @module */

import type { Batch } from "../sessions/mod.ts";
import type { EventName, Framing } from "./framing.ts";

/** Encoded batches kept for those who read a little behind the head. */
const KEPT = 16;
const encoder = new TextEncoder();
/** Small batches' bytes stand in memory that they share: to make one for each costs many times what the encoding does. */
const SHARED_BYTES = 64 * 1024;
const SMALL_TEXT = 4096;
const shared = { bytes: new Uint8Array(0), used: 0 };

function encode(text: string): Uint8Array {
  if (text.length > SMALL_TEXT) return encoder.encode(text);
  // A character is three bytes at the most.
  if (shared.used + 3 * text.length > shared.bytes.length) {
    shared.bytes = new Uint8Array(SHARED_BYTES);
    shared.used = 0;
  }
  const start = shared.used;
  shared.used += encoder.encodeInto(text, shared.bytes.subarray(start)).written;
  return shared.bytes.subarray(start, shared.used);
}

/** The bytes of one face at one `top`, shared by its followers. */
export class Encoded {
  readonly framing: Framing;
  readonly top: number;
  /** Followers that share it. */
  users = 0;
  readonly #batches = new Map<number, Uint8Array>();

  constructor(framing: Framing, top: number) {
    this.framing = framing;
    this.top = top;
  }

  /** A batch; `skipped`: how many were left out before it, for one follower alone. */
  batch(batch: Batch, skipped: number = 0): Uint8Array {
    if (skipped > 0) return encoder.encode(this.framing.batch(batch, this.top, skipped));
    const known = this.#batches.get(batch.seq);
    if (known !== undefined) return known;
    const bytes = encode(this.framing.batch(batch, this.top, 0));
    this.#batches.set(batch.seq, bytes);
    if (this.#batches.size > KEPT) {
      // The first key is the one that was put in first.
      for (const oldest of this.#batches.keys()) {
        this.#batches.delete(oldest);
        break;
      }
    }
    return bytes;
  }

  event(name: EventName, data: object): Uint8Array | undefined {
    const text = this.framing.event(name, data);
    return text === undefined ? undefined : encoder.encode(text);
  }
}
