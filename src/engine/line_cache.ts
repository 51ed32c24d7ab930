/** Lines that come again and again, as the same strings: known by their bytes. @module */

import { decodeUtf8 } from "./utf8.ts";

const ENTRIES = 512;
const LONGEST = 128;
/** So many lines are watched; if half of them were known, the next are looked up as well, else that many are not. */
const WATCHED = 1024;
const RESTED = 15 * WATCHED;

/** Random for each process, so that nobody can choose lines that collide. */
const SEED = crypto.getRandomValues(new Int32Array(1))[0] ?? 0;

/**
 * A string that comes again has its hash already, and engines know more of it: V8 keeps what `split` made of such a
 * string, if it is an interned one. A line is interned when it comes for the second time, so that lines which
 * never come again cost their hash only.
 */
export class LineCache {
  #isWatching = false;
  #left = WATCHED;
  #hits = 0;
  /** Made when first wanted: most inputs bring few lines. */
  #table: Table | undefined;
  #bytes: Uint8Array = new Uint8Array(0);
  #view = new DataView(this.#bytes.buffer);
  readonly #hash: Hash;

  constructor(hash: Hash = hashOf) {
    this.#hash = hash;
  }

  /** The line, if it is known. */
  find(bytes: Uint8Array, start: number, end: number): string | undefined {
    if (--this.#left < 0) this.#decide();
    if (!this.#isWatching || end - start > LONGEST || end - start < 4) return undefined;
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.#table ??= new Table();
    const line = this.#table.find(this.#view, { start, end, hash: this.#hash(this.#view, start, end) });
    if (line !== undefined) this.#hits++;
    return line;
  }

  /** Lets go of the bytes looked at. */
  release(): void {
    if (this.#bytes.length === 0) return;
    this.#bytes = new Uint8Array(0);
    this.#view = new DataView(this.#bytes.buffer);
  }

  #decide(): void {
    this.#isWatching = !this.#isWatching || this.#hits * 2 >= WATCHED;
    this.#left = this.#isWatching ? WATCHED : RESTED;
    this.#hits = 0;
  }
}

/** A number for a line's bytes. */
type Hash = (view: DataView, start: number, end: number) => number;

/** Where a line is, and its hash. */
interface Place {
  readonly start: number;
  readonly end: number;
  readonly hash: number;
}

class Table {
  readonly #hashes = new Int32Array(ENTRIES);
  /** 0: only the hash has been seen. */
  readonly #lengths = new Uint8Array(ENTRIES);
  readonly #lines: string[] = Array.from({ length: ENTRIES }, () => "");
  readonly #kept = new DataView(new ArrayBuffer(ENTRIES * LONGEST));

  find(view: DataView, { start, end, hash }: Place): string | undefined {
    const entry = (hash ^ (hash >>> 16)) & (ENTRIES - 1);
    if (this.#hashes[entry] !== hash) {
      this.#hashes[entry] = hash;
      this.#lengths[entry] = 0;
      return undefined;
    }
    if (this.#lengths[entry] === 0)
      this.#keep(entry, view.buffer, { start: view.byteOffset + start, size: end - start });
    return this.#isSame(entry, view, start, end) ? this.#lines[entry] : undefined;
  }

  #keep(entry: number, buffer: ArrayBufferLike, { start, size }: { start: number; size: number }): void {
    const bytes = new Uint8Array(buffer, start, size);
    new Uint8Array(this.#kept.buffer, entry * LONGEST, size).set(bytes);
    this.#lengths[entry] = size;
    this.#lines[entry] = interned(decodeUtf8(bytes));
  }

  #isSame(...[entry, view, start, end]: [number, DataView, number, number]): boolean {
    const size = end - start;
    if (this.#lengths[entry] !== size) return false;
    const kept = entry * LONGEST;
    // The last four overlap those before.
    if (view.getInt32(end - 4) !== this.#kept.getInt32(kept + size - 4)) return false;
    for (let i = 0; i + 4 <= size; i += 4) if (view.getInt32(start + i) !== this.#kept.getInt32(kept + i)) return false;
    return true;
  }
}

function hashOf(view: DataView, start: number, end: number): number {
  let hash = Math.imul(SEED ^ view.getInt32(end - 4), 0x85ebca6b);
  for (let i = start; i + 4 <= end; i += 4) {
    hash = Math.imul(hash ^ view.getInt32(i), 0x5bd1e995);
    hash ^= hash >>> 15;
  }
  return Math.imul(hash ^ (end - start), 0x9e3779b1);
}

/** The same string as an engine keeps names of properties: one for all equal ones. */
function interned(text: string): string {
  return Object.keys({ [text]: true })[0] ?? text;
}
