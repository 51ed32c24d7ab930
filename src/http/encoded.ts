/** Each batch is encoded once for all who get it in the same form. @module */

import { inSlices } from "../clock.ts";
import type { Batch } from "../sessions/mod.ts";
import type { EventName, Framing } from "./framing.ts";
import { joined, type Pieces } from "./pieces.ts";

/** Encoded batches kept for those who read a little behind the head: so many, of so many bytes together, or the last one made. */
const KEPT = 16;
const KEPT_BYTES = 8 * 1024 * 1024;
const encoder = new TextEncoder();

/** The bytes of one face at one `top`, shared by its followers. */
export class Encoded {
  readonly framing: Framing;
  readonly top: number;
  /** Followers that share it. */
  users = 0;
  readonly #onReady: () => void;
  readonly #batches = new Map<number, Uint8Array>();
  #bytes = 0;
  /** Numbers of the batches that are being encoded. */
  readonly #making = new Set<number>();

  /** `onReady` is called when a batch that was not ready is. */
  constructor(framing: Framing, top: number, onReady: () => void) {
    this.framing = framing;
    this.top = top;
    this.#onReady = onReady;
  }

  /** Undefined: it is long, and not ready yet. */
  batch(batch: Batch): Uint8Array | undefined {
    const known = this.#batches.get(batch.seq);
    if (known !== undefined || this.#making.has(batch.seq)) return known;
    const encoded = this.framing.batch(batch, this.top);
    if (typeof encoded === "string") return this.#keep(batch.seq, encoder.encode(encoded));
    void this.#make(batch.seq, encoded);
    return undefined;
  }

  async #make(seq: number, pieces: Pieces): Promise<void> {
    this.#making.add(seq);
    this.#keep(seq, await inSlices(joined(pieces)));
    this.#making.delete(seq);
    this.#onReady();
  }

  event(name: EventName, data: object): Uint8Array | undefined {
    const text = this.framing.event(name, data);
    return text === undefined ? undefined : encoder.encode(text);
  }

  #keep(seq: number, bytes: Uint8Array): Uint8Array {
    this.#batches.set(seq, bytes);
    this.#bytes += bytes.length;
    // The first key is the one that was put in first.
    for (const [oldest, { length }] of this.#batches) {
      if (oldest === seq || (this.#batches.size <= KEPT && this.#bytes <= KEPT_BYTES)) break;
      this.#batches.delete(oldest);
      this.#bytes -= length;
    }
    return bytes;
  }
}
