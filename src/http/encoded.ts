/** Each batch is encoded once for all who get it in the same form. @module */

import { inSlices } from "../clock.ts";
import type { Batch } from "../sessions/mod.ts";
import type { EventName, Framing } from "./framing.ts";
import { joined, type Pieces } from "./pieces.ts";

/** Encoded batches kept for those who read a little behind the head: so many, of so many bytes together, or the last one made. */
const KEPT = 16;
const KEPT_BYTES = 8 * 1024 * 1024;
/** More than a log holds. */
const MOST_SKIPPED = 2 ** 20;
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
  readonly #onReady: () => void;
  /** By number; where batches were skipped before it, which is another text, by a number made of both. */
  readonly #batches = new Map<number, Uint8Array>();
  #bytes = 0;
  #said: { readonly name: EventName; readonly data: object; readonly bytes: Uint8Array | undefined } | undefined;
  /** Those that are being encoded. */
  readonly #making = new Set<number>();

  /** `onReady` is called when a batch that was not ready is. */
  constructor(framing: Framing, top: number, onReady: () => void) {
    this.framing = framing;
    this.top = top;
    this.#onReady = onReady;
  }

  /** A batch; `skipped`: how many were left out before it. Undefined: it is long, and not ready yet. */
  batch(batch: Batch, skipped: number = 0): Uint8Array | undefined {
    const key = skipped === 0 ? batch.seq : -(batch.seq * MOST_SKIPPED + skipped);
    const known = this.#batches.get(key);
    if (known !== undefined || this.#making.has(key)) return known;
    const encoded = this.framing.batch(batch, this.top, { skipped });
    if (typeof encoded === "string") return skipped === 0 ? this.#keep(key, encode(encoded)) : encode(encoded);
    void this.#make(key, encoded);
    return undefined;
  }

  async #make(key: number, pieces: Pieces): Promise<void> {
    this.#making.add(key);
    this.#keep(key, await inSlices(joined(pieces)));
    this.#making.delete(key);
    this.#onReady();
  }

  /** What is said to many in a row is encoded once for them. */
  event(name: EventName, data: object): Uint8Array | undefined {
    if (this.#said?.data === data && this.#said.name === name) return this.#said.bytes;
    const text = this.framing.event(name, data);
    const bytes = text === undefined ? undefined : encoder.encode(text);
    this.#said = { name, data, bytes };
    return bytes;
  }

  #keep(key: number, bytes: Uint8Array): Uint8Array {
    this.#batches.set(key, bytes);
    this.#bytes += bytes.length;
    // The first key is the one that was put in first.
    for (const [oldest, { length }] of this.#batches) {
      if (oldest === key || (this.#batches.size <= KEPT && this.#bytes <= KEPT_BYTES)) break;
      this.#batches.delete(oldest);
      this.#bytes -= length;
    }
    return bytes;
  }
}

/** The encodings of one session: one for each face and `top` that somebody wants. */
export class Encodings {
  readonly #onReady: (encoded: Encoded) => void;
  readonly #all = new Map<Framing, Map<number, Encoded>>();

  /** See {@link Encoded}. */
  constructor(onReady: (encoded: Encoded) => void) {
    this.#onReady = onReady;
  }

  join({ framing, top }: Pick<Encoded, "framing" | "top">): Encoded {
    const byTop = this.#all.get(framing) ?? new Map<number, Encoded>();
    this.#all.set(framing, byTop);
    const encoded: Encoded = byTop.get(top) ?? new Encoded(framing, top, () => this.#onReady(encoded));
    byTop.set(top, encoded);
    encoded.users++;
    return encoded;
  }

  leave(encoded: Encoded): void {
    encoded.users--;
    if (encoded.users === 0) this.#all.get(encoded.framing)?.delete(encoded.top);
  }
}
