/** Counts words: of few lines when the batch is cut, of more as they come, and in the kernel while much comes. @module */

import { takenOf, type Counted, type CountedBytes } from "./counted.ts";
import { WordCounter, type CounterLimits } from "./counter.ts";
import { Kernel } from "./kernel.ts";
import type { LineSink } from "./lines.ts";
import { Recent } from "./recent.ts";

/** Lines of so many bytes are kept as they are: ten thousand sessions of few lines need no table each. */
const FEW_BYTES = 2048;
const FIRST_BYTES = 128;
const LF = 0x0a;
const NO_BYTES = new Uint8Array(0);

/** Counts the few lines of everybody, one after the other. */
const shared = { separator: "", counter: undefined as WordCounter | undefined };
/** Sessions that read the same lines, or each some of the same few, share their counts: by a number made of the lines. */
const fewCounted = new Recent<number, FewCounted>(1024);
/** More are seldom the same. */
const SHARED_BYTES = 256;

interface FewCounted {
  readonly lines: Uint8Array;
  readonly separator: string;
  readonly limits: CounterLimits;
  readonly counted: Counted;
}

/**
 * The words of one input. A counter has tables of 10 KiB and a kernel a memory of about 1 MiB, too much for each of 10 000
 * sessions with few words, so they come and go with what is read.
 */
export class WordCount implements LineSink {
  readonly #separator: string;
  readonly #limits: CounterLimits;
  /** The interval's lines while they are few, each with a line feed. */
  #few: Uint8Array = NO_BYTES;
  #fewBytes = 0;
  /** What they come to, if nothing has come since that was asked. */
  #ahead: Counted | undefined;
  /** Who peeks takes counts as they are and changes nothing in them. */
  #mayShare = false;
  #plain: WordCounter | undefined;
  #kernel: Kernel | undefined;

  /** `separator` is well-formed and one character or more. */
  constructor(separator: string, limits: CounterLimits) {
    this.#separator = separator;
    this.#limits = limits;
  }

  line(bytes: Uint8Array, start: number, end: number): void {
    this.#ahead = undefined;
    if (this.#plain === undefined && this.#fewBytes + (end - start) < FEW_BYTES) this.#keep(bytes, start, end);
    else this.#openPlain().line(bytes, start, end);
  }

  /** What {@link take} will give if no more comes; undefined where that is better not asked, because there is much. */
  peek(): Counted | undefined {
    this.#mayShare = true;
    return this.#plain === undefined && this.#kernel === undefined ? this.#countFew() : undefined;
  }

  /** Gives the counts since the last call and starts anew. */
  take(): Counted | CountedBytes {
    const counter = this.#kernel ?? this.#plain;
    const taken = counter === undefined ? this.#countFew() : takenOf(counter.counted());
    counter?.clear();
    this.#ahead = undefined;
    this.#fewBytes = 0;
    // One that had little to do is not kept.
    if (taken.counts.length * 8 < FEW_BYTES) this.#plain = undefined;
    return taken;
  }

  /** A kernel that goes on with what has been counted, and reads the lines itself; undefined where there can be none. */
  openKernel(maxLineLength: number): Kernel | undefined {
    const separator = new TextEncoder().encode(this.#separator);
    const kernel = Kernel.open({ ...this.#limits, separator, maxLineLength });
    if (kernel === undefined || !kernel.resumeWords(this.#openPlain().counted())) return undefined;
    this.#plain = undefined;
    this.#kernel = kernel;
    return kernel;
  }

  /** Lines come as before again; what the kernel counted must have been taken. */
  closeKernel(): void {
    this.#kernel = undefined;
  }

  #keep(bytes: Uint8Array, start: number, end: number): void {
    let at = this.#fewBytes;
    const size = at + (end - start) + 1;
    if (size > this.#few.length) {
      const grown = new Uint8Array(Math.max(size, this.#few.length * 2, FIRST_BYTES));
      grown.set(this.#few.subarray(0, at));
      this.#few = grown;
    }
    const few = this.#few;
    for (let i = start; i < end; i++) few[at++] = bytes[i] as number;
    few[at] = LF;
    this.#fewBytes = size;
  }

  #countFew(): Counted {
    return (this.#ahead ??= this.#mayShare && this.#fewBytes <= SHARED_BYTES ? this.#countShared() : this.#countOwn());
  }

  #countShared(): Counted {
    const lines = this.#few.subarray(0, this.#fewBytes);
    const key = hashOf(lines);
    const known = fewCounted.get(key);
    if (known !== undefined && this.#isOf(known, lines)) return known.counted;
    const made = this.#countOwn();
    fewCounted.set(key, { lines: lines.slice(), separator: this.#separator, limits: this.#limits, counted: made });
    return made;
  }

  #isOf({ lines, separator, limits }: FewCounted, own: Uint8Array): boolean {
    const isSameLimit = limits.maxWords === this.#limits.maxWords && limits.maxWordBytes === this.#limits.maxWordBytes;
    if (!isSameLimit || separator !== this.#separator || lines.length !== own.length) return false;
    for (let i = 0; i < own.length; i++) if (own[i] !== lines[i]) return false;
    return true;
  }

  #countOwn(): Counted {
    if (shared.counter === undefined || shared.separator !== this.#separator) {
      shared.counter = new WordCounter(new TextEncoder().encode(this.#separator), this.#limits);
      shared.separator = this.#separator;
    }
    shared.counter.limits = this.#limits;
    this.#feed(shared.counter);
    return shared.counter.take();
  }

  /** From now on words are counted as they come. */
  #openPlain(): WordCounter {
    if (this.#plain !== undefined) return this.#plain;
    this.#plain = new WordCounter(new TextEncoder().encode(this.#separator), this.#limits);
    this.#feed(this.#plain);
    this.#few = NO_BYTES;
    this.#fewBytes = 0;
    return this.#plain;
  }

  #feed(counter: WordCounter): void {
    const few = this.#few;
    for (let start = 0, i = 0; i < this.#fewBytes; i++) {
      if (few[i] !== LF) continue;
      counter.line(few, start, i);
      start = i + 1;
    }
  }
}

/** FNV-1a. Who makes two lists of lines meet makes them be counted twice. */
function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  return hash;
}
