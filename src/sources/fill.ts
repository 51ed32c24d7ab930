/** Blocks of random lines. @module */

import { fillCode, STRIDE, type RunFill } from "./fill_code.ts";
import { lineTable, type LineTable } from "./line_table.ts";
import { drawAfter, stateAfter } from "./random.ts";

/** How many bytes a block has at the most, but for a line that is longer. */
const BLOCK_BYTES = 128 * 1024;
/** A block never has more lines. */
const MOST_LINES = BLOCK_BYTES;

/** Some whole lines. */
interface Chunk {
  /** Good until the next one is asked for. */
  readonly bytes: Uint8Array;
  readonly lines: number;
}

/**
 * Lines of `messages`, each chosen by itself, every one as likely as any other. The seed alone decides which, not how many are
 * asked for at a time; they are those an `Emitter` says for it. Nothing is allocated for a line.
 */
export class Fill {
  readonly #seed: number;
  readonly #table: LineTable;
  readonly #run: RunFill;
  #said: number;

  /** `said`: how many lines of this seed are passed over. */
  constructor(messages: readonly string[], seed: number, said: number = 0) {
    this.#seed = seed;
    this.#said = said;
    this.#table = lineTable(messages, BLOCK_BYTES + STRIDE, STRIDE);
    const { lines, starts, memory } = this.#table;
    const code = new WebAssembly.Module(fillCode({ blockBytes: BLOCK_BYTES, lines, starts }));
    this.#run = new WebAssembly.Instance(code, { host: { memory } }).exports["run"] as RunFill;
  }

  /** The next lines: at most `most`, which is 1 or more, and what a block holds. */
  next(most: number): Chunk {
    const { state, key, left } = stateAfter(this.#said, this.#seed);
    const wanted = Math.min(most, left, MOST_LINES);
    const [end, unsaid] = this.#run(state, key, wanted);
    const lines = wanted - unsaid;
    if (lines === 0) return this.#longLine();
    this.#said += lines;
    return { bytes: new Uint8Array(this.#table.memory.buffer, 0, end), lines };
  }

  /** A line that no block holds is not copied. */
  #longLine(): Chunk {
    const { lines, starts, memory } = this.#table;
    const line = Math.floor(drawAfter(this.#said++, this.#seed) * lines);
    const [from = 0, end = 0] = new Uint32Array(memory.buffer, starts + line * 4, 2);
    return { bytes: new Uint8Array(memory.buffer, from, end - from), lines: 1 };
  }
}
