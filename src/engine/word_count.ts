/** Counts words the plain way, and in the kernel while much comes. @module */

import { takenOf, type Counted, type CountedBytes } from "./counted.ts";
import { WordCounter, type CounterLimits } from "./counter.ts";
import { Kernel } from "./kernel.ts";
import type { LineSink } from "./lines.ts";

/**
 * The words of one input. A kernel has a memory of its own of about 1 MiB, too much for each of 10 000 sessions with few
 * lines, and too quick to matter to them: it is opened when an interval has brought enough bytes.
 */
export class WordCount implements LineSink {
  readonly #separator: Uint8Array;
  readonly #limits: CounterLimits;
  readonly #plain: WordCounter;
  #kernel: Kernel | undefined;

  /** `separator` is well-formed and one character or more. */
  constructor(separator: string, limits: CounterLimits) {
    this.#separator = new TextEncoder().encode(separator);
    this.#limits = limits;
    this.#plain = new WordCounter(this.#separator, limits);
  }

  line(bytes: Uint8Array, start: number, end: number): void {
    this.#plain.line(bytes, start, end);
  }

  /** Gives the counts since the last call and starts anew. */
  take(): Counted | CountedBytes {
    const counter = this.#kernel ?? this.#plain;
    const taken = takenOf(counter.counted());
    counter.clear();
    return taken;
  }

  /** A kernel that goes on with what has been counted, and reads the lines itself; undefined where there can be none. */
  openKernel(maxLineLength: number): Kernel | undefined {
    const [separator, ...more] = this.#separator;
    if (separator === undefined || more.length > 0) return undefined;
    const kernel = Kernel.open({ ...this.#limits, separator, maxLineLength });
    if (kernel === undefined || !kernel.resumeWords(this.#plain.counted())) return undefined;
    this.#plain.clear();
    this.#kernel = kernel;
    return kernel;
  }

  /** Lines come as before again; what the kernel counted must have been taken. */
  closeKernel(): void {
    this.#kernel = undefined;
  }
}
