/** Lines of bytes -> strings, many at a time. @module */

import { LineCache } from "./line_cache.ts";
import type { LineSink } from "./lines.ts";
import { decodeUtf8 } from "./utf8.ts";

/**
 * Lines are decoded together until there are so many bytes of them: a call of the decoder costs as much as its next 500
 * bytes. A line that is kept may keep all of these in memory, as engines cut strings without a copy.
 */
const RUN_BYTES = 1024;
const RUN_LINES = 64;
const LF = 0x0a;

/** Gives out each line as a string, in order. */
export class TextLines implements LineSink {
  readonly #take: (line: string) => void;
  readonly #cache = new LineCache();
  readonly #starts = new Int32Array(RUN_LINES);
  readonly #ends = new Int32Array(RUN_LINES);
  #chunk: Uint8Array | undefined;
  /** Lines of the chunk that wait to be decoded: they follow each other. */
  #waiting = 0;
  /** Line feeds alone are between them. */
  #isPlain = true;

  constructor(take: (line: string) => void) {
    this.#take = take;
  }

  /** Lines of `chunk` come; it stays as it is until {@link flush}. */
  begin(chunk: Uint8Array): void {
    this.#chunk = chunk;
  }

  /** Gives out what waits. */
  flush(): void {
    this.#decode();
    this.#chunk = undefined;
    this.#cache.release();
  }

  line(bytes: Uint8Array, start: number, end: number): void {
    if (bytes !== this.#chunk) {
      this.#decode();
      this.#take(decodeUtf8(bytes.subarray(start, end)));
      return;
    }
    const known = this.#cache.find(bytes, start, end);
    if (known !== undefined) {
      this.#decode();
      this.#take(known);
      return;
    }
    const before = this.#waiting === 0 ? start - 1 : (this.#ends[this.#waiting - 1] as number);
    if (this.#waiting > 0 && (start !== before + 1 || bytes[before] !== LF)) this.#isPlain = false;
    this.#starts[this.#waiting] = start;
    this.#ends[this.#waiting] = end;
    this.#waiting++;
    if (this.#waiting === RUN_LINES || end - (this.#starts[0] as number) >= RUN_BYTES) this.#decode();
  }

  #decode(): void {
    const lines = this.#waiting;
    if (lines === 0 || this.#chunk === undefined) return;
    const start = this.#starts[0] as number;
    const end = this.#ends[lines - 1] as number;
    const text = decodeUtf8(this.#chunk.subarray(start, end));
    const isPlain = this.#isPlain;
    this.#waiting = 0;
    this.#isPlain = true;
    if (lines === 1) this.#take(text);
    else if (text.length === end - start) {
      // No byte makes more than one unit: each has made one, so lines are where their bytes are.
      for (let i = 0; i < lines; i++)
        this.#take(text.slice((this.#starts[i] as number) - start, (this.#ends[i] as number) - start));
    } else {
      // A line end ends what is unfinished: characters are the same as of each line alone.
      for (const line of text.split(isPlain ? "\n" : /\r\n|[\r\n]/)) this.#take(line);
    }
  }
}
