/** Counts a stream's words in WebAssembly, from its bytes. @module */

import { decodeCounted, type Counted, type CountedBytes } from "./counted.ts";
import type { CounterLimits } from "./counter.ts";
import { instantiateKernel, type KernelExports } from "./kernel_module.ts";
import type { LineReader, LineStats, Unfinished } from "./lines.ts";

/** Bytes it takes at once. */
const INPUT = 1 << 18;
const LF = 0x0a;
const CR = 0x0d;
/** What the kernel can be told. */
const MOST_WORDS = 2 ** 31 - 1;
const MOST_BYTES = 2 ** 30;
/** A memory that grew past this for many words is let go after an interval of fewer. */
const KEPT_BYTES = 1 << 24;
const KEPT_WORDS = 1 << 16;

/** What a kernel counts. */
export interface KernelOptions extends CounterLimits {
  /** The UTF-8 of what is between words. */
  readonly separator: Uint8Array;
  readonly maxLineLength: number;
}

/** A {@link LineReader} and a word counter in one: the same lines and words as `LineDecoder` and `WordCounter` give. */
export class Kernel implements LineReader {
  readonly #exports: KernelExports;
  readonly #input: number;
  #view: Uint8Array;
  #isOversized = false;
  #lines = 0;

  private constructor(exports: KernelExports, input: number) {
    this.#exports = exports;
    this.#input = input;
    this.#view = new Uint8Array(exports.memory.buffer, input, INPUT);
  }

  /** Undefined where the runtime has no WebAssembly with SIMD, or no memory for it; for separators of more than 64 bytes too. */
  static open({ separator, maxWords, maxWordBytes, maxLineLength }: KernelOptions): Kernel | undefined {
    const exports = maxLineLength < 1 ? undefined : instantiateKernel();
    if (exports === undefined) return undefined;
    const bytes = Math.min(maxWordBytes, MOST_BYTES);
    const input = exports.open(Math.min(maxWords, MOST_WORDS), bytes, Math.min(maxLineLength, MOST_BYTES));
    if (input === 0) return undefined;
    const kernel = new Kernel(exports, input);
    // One with a line end in it is in no line; nor is a line feed.
    const within = separator.some((byte) => byte === LF || byte === CR) ? Uint8Array.of(LF) : separator;
    if (within.length > INPUT) return undefined;
    kernel.buffer.set(within);
    return exports.separateBy(within.length) === 0 ? undefined : kernel;
  }

  /** Where the next bytes may be put, for {@link wrote}; another one after each growth of the memory. */
  get buffer(): Uint8Array {
    // Growth detaches the views.
    if (this.#view.length === 0) this.#view = new Uint8Array(this.#exports.memory.buffer, this.#input, INPUT);
    return this.#view;
  }

  /** Whether it has far more memory than its last interval needed: better let go. */
  get isOversized(): boolean {
    return this.#isOversized;
  }

  /** Takes the first `size` bytes of {@link buffer}. */
  wrote(size: number): void {
    this.#exports.feed(size);
  }

  write(chunk: Uint8Array): void {
    if (chunk.length <= INPUT) {
      this.buffer.set(chunk);
      this.#exports.feed(chunk.length);
      return;
    }
    for (let from = 0; from < chunk.length; from += INPUT) this.write(chunk.subarray(from, from + INPUT));
  }

  end(): void {
    this.#exports.end();
  }

  abandon(): void {
    this.#exports.abandon();
  }

  /** Lines read since the last {@link take}. */
  get lines(): number {
    this.#lines += this.#exports.takeLines();
    return this.#lines;
  }

  take(): LineStats {
    const kernel = this.#exports;
    const dropped = { lines: kernel.droppedLines(), bytes: kernel.droppedBytes() };
    const stats = { lines: this.lines, dropped };
    this.#lines = 0;
    kernel.forgetDropped();
    return stats;
  }

  /** Gives the words counted since the last call and starts anew. */
  takeWords(): Counted {
    const counted = decodeCounted(this.counted());
    this.clear();
    return counted;
  }

  /** What there is so far; its bytes are valid until the next call. */
  counted(): CountedBytes {
    const kernel = this.#exports;
    const size = kernel.gather();
    const { buffer } = kernel.memory;
    this.#isOversized = buffer.byteLength > KEPT_BYTES && size < KEPT_WORDS;
    return {
      bytes: new Uint8Array(buffer, kernel.words(), kernel.wordBytes()),
      counts: new Float64Array(buffer, kernel.sums(), size).slice(),
      other: kernel.other(),
    };
  }

  /** Starts anew. */
  clear(): void {
    this.#exports.forget();
  }

  handOver(): Unfinished {
    const kernel = this.#exports;
    const bytes = new Uint8Array(kernel.memory.buffer, kernel.line(), kernel.lineKept());
    return { bytes, length: kernel.lineLength(), skipLineFeed: kernel.isAfterReturn() !== 0 };
  }

  resume({ bytes, length, skipLineFeed }: Unfinished): void {
    // A part of one line: nothing is counted yet.
    this.write(bytes);
    this.#exports.resume(length, skipLineFeed);
  }

  /** Goes on from another counter's words; false where there was no room for them. Nothing may have come before. */
  resumeWords({ bytes, counts, other }: CountedBytes): boolean {
    const kernel = this.#exports;
    this.write(bytes);
    kernel.takeLines();
    const size = kernel.gather();
    if (size < counts.length) return false;
    new Float64Array(kernel.memory.buffer, kernel.sums(), size).set(counts);
    kernel.setOther(other);
    return true;
  }
}
