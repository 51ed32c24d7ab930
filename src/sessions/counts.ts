/** The counted words of a batch, in both orders people want them in. @module */

import { compareCodePoints } from "../engine/mod.ts";

/** A word and how often it came. */
export type WordCount = readonly [word: string, count: number];

/** Distinct words with their counts: sorted (count descending, then word by code point), and as they first came. */
export interface Counts {
  /** How many distinct words there are. */
  readonly size: number;
  /** Bytes of memory they take. */
  readonly heapBytes: number;
  /** The `n` most frequent, or all, without the first `from`; words of one count by code point. */
  top(n?: number, from?: number): WordCount[];
  /** The word that appeared as number `place`, from 0, and its count. */
  at(place: number): WordCount;
}

/** What a text costs beside its characters, with its place in the columns: a header, a pointer, a count, a place. */
const TEXT_BYTES = 40;

/** Counts of the words of a small batch, as texts. {@link ManyWords} has those of a large one. */
export class WordCounts implements Counts {
  /** In order of first appearance. Kept in columns: a log holds many of these, and an array for each pair doubles them. */
  readonly #words: readonly string[];
  readonly #counts: Float64Array;
  /** Places in the columns, sorted. */
  readonly #sorted: Uint32Array;

  /** `arrived`: each word once, in order of first appearance. */
  constructor(arrived: readonly WordCount[]) {
    this.#words = arrived.map(([word]) => word);
    this.#counts = Float64Array.from(arrived, ([, count]) => count);
    this.#sorted = Uint32Array.from(arrived.keys()).sort((a, b) => this.#compare(a, b));
  }

  get size(): number {
    return this.#words.length;
  }

  /** As if all texts had one byte a character, as most have. */
  get heapBytes(): number {
    return this.#words.reduce((sum, { length }) => sum + TEXT_BYTES + length, 0);
  }

  top(n: number = Infinity, from: number = 0): WordCount[] {
    return Array.from(this.#sorted.subarray(from, Math.min(n, this.size)), (place) => this.at(place));
  }

  at(place: number): WordCount {
    const word = this.#words[place];
    const count = this.#counts[place];
    if (word !== undefined && count !== undefined) return [word, count];
    throw new RangeError(`Cannot read word ${place}: there are ${this.size}`);
  }

  #compare(a: number, b: number): number {
    const byCount = (this.#counts[b] as number) - (this.#counts[a] as number);
    return byCount || compareCodePoints(this.#words[a] as string, this.#words[b] as string);
  }
}
