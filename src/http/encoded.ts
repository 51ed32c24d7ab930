/** Each batch is encoded once for all who get it in the same form. @module */

import type { Batch } from "../sessions/mod.ts";
import type { EventName, Framing } from "./framing.ts";

/** Encoded batches kept for those who read a little behind the head. */
const KEPT = 16;
const encoder = new TextEncoder();

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
    const bytes = encoder.encode(this.framing.batch(batch, this.top, 0));
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
