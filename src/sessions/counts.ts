/** The counted words of a batch, in both orders people want them in. @module */

/** A word and how often it came. */
export type WordCount = readonly [word: string, count: number];

/** Distinct words with their counts: sorted (count descending, then word by code point), and as they first came. */
export class WordCounts {
  /** In order of first appearance. */
  readonly #arrived: readonly WordCount[];
  /** Places in `#arrived`, sorted. */
  readonly #sorted: Uint32Array;

  /** `arrived`: each word once, in order of first appearance. */
  constructor(arrived: readonly WordCount[]) {
    this.#arrived = arrived;
    this.#sorted = Uint32Array.from(arrived.keys()).sort((a, b) => this.#compare(a, b));
  }

  /** How many distinct words there are. */
  get size(): number {
    return this.#arrived.length;
  }

  /** The `n` most frequent, or all; words of one count by code point. */
  top(n: number = Infinity): WordCount[] {
    return Array.from(this.#sorted.subarray(0, Math.min(n, this.size)), (place) => this.#at(place));
  }

  /** All words, in order of first appearance. */
  arrived(): readonly WordCount[] {
    return this.#arrived;
  }

  #compare(a: number, b: number): number {
    const [wordA, countA] = this.#at(a);
    const [wordB, countB] = this.#at(b);
    return countB - countA || compareCodePoints(wordA, wordB);
  }

  #at(place: number): WordCount {
    const found = this.#arrived[place];
    if (found === undefined) throw new RangeError(`Cannot read word ${place} as there are ${this.size}`);
    return found;
  }
}

/** Orders by code point. JavaScript's own `<` goes by UTF-16 unit, which puts emoji before U+E000..U+FFFF. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const unitA = a.charCodeAt(i);
    const unitB = b.charCodeAt(i);
    if (unitA !== unitB) return rank(unitA) - rank(unitB);
  }
  return a.length - b.length;
}

/** A surrogate stands for a code point above every other unit's. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
