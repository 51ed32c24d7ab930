/** Counts the words of lines on their bytes: the fast path of `flatMap(split(sep)).map(pair(1)).reduceByKey(add)`. @module */

import { decodeCounted, type Counted, type CountedBytes } from "./counted.ts";
import type { LineSink } from "./lines.ts";

const FIRST_WORDS = 256;
const FIRST_BYTES = 4096;
/** Tables larger than this are given back after a batch. */
const WORDS_KEPT = 1 << 14;
const LF = 0x0a;

/** Random for each process, so that nobody can choose words that collide. */
const HASH_SEED = crypto.getRandomValues(new Int32Array(1))[0] ?? 0;

/** The bounds of one interval's words. */
export interface CounterLimits {
  /** Distinct words kept; further new words are counted in `other`. */
  readonly maxWords: number;
  /** Bytes of all distinct words together; a new word past it is counted in `other`. */
  readonly maxWordBytes: number;
}

/**
 * An open-addressing table over one arena of word bytes; a word that was seen before allocates nothing. Words that differ
 * only in invalid UTF-8 are one word at {@link take}, as both are the same text.
 */
export class WordCounter implements LineSink {
  readonly #separator: Uint8Array;
  /** Of what is counted next. */
  limits: CounterLimits;
  #slots = new Int32Array(FIRST_WORDS * 2);
  #hashes = new Int32Array(FIRST_WORDS);
  #starts = new Int32Array(FIRST_WORDS + 1);
  #counts = new Float64Array(FIRST_WORDS);
  #arena = new Uint8Array(FIRST_BYTES);
  #size = 0;
  #other = 0;

  /** `separator` is the UTF-8 of one character or more. */
  constructor(separator: Uint8Array, limits: CounterLimits) {
    this.#separator = separator;
    this.limits = limits;
  }

  line(bytes: Uint8Array, start: number, end: number): void {
    const separator = this.#separator[0];
    const rest = this.#separator.length - 1;
    let from = start;
    let hash = HASH_SEED;
    for (let i = start; i < end; i++) {
      const byte = bytes[i] as number;
      if (byte === separator && (rest === 0 || this.#separates(bytes, i, end))) {
        this.#count(bytes, from, i, hash);
        i += rest;
        from = i + 1;
        hash = HASH_SEED;
      } else {
        hash = Math.imul(hash ^ byte, 0x5bd1e995);
        hash ^= hash >>> 15;
      }
    }
    this.#count(bytes, from, end, hash);
  }

  /** Gives the counts since the last call and starts anew. */
  take(): Counted {
    const counted = decodeCounted(this.counted());
    this.clear();
    return counted;
  }

  /** What there is so far, valid until the next call. */
  counted(): CountedBytes {
    const size = this.#size;
    const bytes = this.#arena.subarray(0, this.#starts[size]);
    return { bytes, counts: this.#counts.slice(0, size), other: this.#other };
  }

  /** Starts anew. */
  clear(): void {
    this.#size = 0;
    this.#other = 0;
    if (this.#hashes.length <= WORDS_KEPT && this.#arena.length <= WORDS_KEPT * 8) {
      this.#slots.fill(0);
      return;
    }
    this.#slots = new Int32Array(FIRST_WORDS * 2);
    this.#hashes = new Int32Array(FIRST_WORDS);
    this.#starts = new Int32Array(FIRST_WORDS + 1);
    this.#counts = new Float64Array(FIRST_WORDS);
    this.#arena = new Uint8Array(FIRST_BYTES);
  }

  /** Whether the separator, whose first byte is here, is. */
  #separates(bytes: Uint8Array, at: number, end: number): boolean {
    const separator = this.#separator;
    if (at + separator.length > end) return false;
    for (let i = 1; i < separator.length; i++) if (bytes[at + i] !== separator[i]) return false;
    return true;
  }

  #count(bytes: Uint8Array, from: number, to: number, hash: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let at = (hash ^ (hash >>> 13)) & mask;
    for (let entry = slots[at] as number; entry !== 0; entry = slots[at] as number) {
      if (this.#hashes[entry - 1] === hash && this.#same(entry - 1, bytes, from, to)) {
        (this.#counts[entry - 1] as number)++;
        return;
      }
      at = (at + 1) & mask;
    }
    this.#insert(bytes, from, to, hash, at);
  }

  #same(entry: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = this.#starts[entry] as number;
    if ((this.#starts[entry + 1] as number) - start - 1 !== to - from) return false;
    const arena = this.#arena;
    for (let i = from, j = start; i < to; i++, j++) if (arena[j] !== bytes[i]) return false;
    return true;
  }

  #insert(bytes: Uint8Array, from: number, to: number, hash: number, at: number): void {
    const start = this.#starts[this.#size] as number;
    const next = start + (to - from) + 1;
    if (this.#size >= this.limits.maxWords || next > this.limits.maxWordBytes) {
      this.#other++;
      return;
    }
    if (next > this.#arena.length) this.#arena = grown(this.#arena, Math.max(next, this.#arena.length * 2));
    this.#arena.set(bytes.subarray(from, to), start);
    this.#arena[next - 1] = LF;
    this.#hashes[this.#size] = hash;
    this.#counts[this.#size] = 1;
    this.#size++;
    this.#starts[this.#size] = next;
    this.#slots[at] = this.#size;
    if (this.#size === this.#hashes.length) this.#grow();
  }

  #grow(): void {
    const size = this.#size * 2;
    this.#hashes = grown(this.#hashes, size);
    this.#starts = grown(this.#starts, size + 1);
    this.#counts = grown(this.#counts, size);
    const slots = new Int32Array(size * 2);
    const mask = slots.length - 1;
    for (let entry = 0; entry < this.#size; entry++) {
      const hash = this.#hashes[entry] as number;
      let at = (hash ^ (hash >>> 13)) & mask;
      while (slots[at] !== 0) at = (at + 1) & mask;
      slots[at] = entry + 1;
    }
    this.#slots = slots;
  }
}

function grown<T extends Int32Array | Float64Array | Uint8Array>(old: T, length: number): T {
  const larger = new (old.constructor as new (length: number) => T)(length);
  larger.set(old);
  return larger;
}
