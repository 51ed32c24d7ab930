/** The counted words of a large batch: bytes in columns, of which only what is shown becomes text. @module */

import type { Steps } from "../clock.ts";
import { decodeUtf8, type CountedBytes } from "../engine/mod.ts";
import type { Hash } from "./batch.ts";
import type { Counts, WordCount } from "./counts.ts";
import { pairsJson } from "./word_json.ts";
import { sortedPlaces, type Words } from "./word_order.ts";

const LF = 0x0a;
const REPLACEMENT = "\uFFFD";
/** Bytes looked at in one step. */
const STEP_BYTES = 1 << 16;
const encoder = new TextEncoder();

/** Many words in columns, in order of first appearance. */
interface Columns {
  /** The words as UTF-8, a line feed after each. */
  readonly bytes: Uint8Array;
  readonly counts: Float64Array;
  /** Their places, sorted. */
  readonly sorted: Uint32Array;
}

/** As {@link WordCounts}, for words whose texts would be many objects. */
export class ManyWords implements Counts {
  /** How many words there are, each as often as it came. */
  readonly total: number;
  readonly #words: Words;
  readonly #sorted: Uint32Array;

  private constructor(words: Words, sorted: Uint32Array, total: number) {
    this.total = total;
    this.#words = words;
    this.#sorted = sorted;
  }

  /** Finds the words, merges those that are the same text, and sorts them. */
  static *of(counted: CountedBytes): Steps<ManyWords> {
    const found = yield* wordsOf(counted);
    const words = found.isWellFormed ? found : yield* merged(found);
    return new ManyWords(words, yield* sortedPlaces(words), yield* sumOf(words.counts));
  }

  /** What was kept of {@link columns}. */
  static kept({ bytes, counts, sorted }: Columns): ManyWords {
    const starts = new Uint32Array(counts.length + 1);
    for (let i = 0, at = 0; i < counts.length; i++) starts[i + 1] = at = bytes.indexOf(LF, at) + 1;
    const total = counts.reduce((sum, count) => sum + count, 0);
    return new ManyWords({ bytes, starts, counts }, sorted, total);
  }

  /** All there is to keep of it: not to be changed. */
  get columns(): Columns {
    const { bytes, counts } = this.#words;
    return { bytes, counts, sorted: this.#sorted };
  }

  get size(): number {
    return this.#words.counts.length;
  }

  get heapBytes(): number {
    const { bytes, starts, counts } = this.#words;
    return [bytes, starts, counts, this.#sorted].reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  top(n: number = Infinity, from: number = 0): WordCount[] {
    return Array.from(this.#sorted.subarray(from, Math.min(n, this.size)), (place) => this.at(place));
  }

  at(place: number): WordCount {
    if (!(place < this.size)) throw new RangeError(`Cannot read word ${place}: there are ${this.size}`);
    return [textAt(this.#words, place), this.#words.counts[place] as number];
  }

  /** `JSON.stringify(this.top(n))` in bytes, in pieces. */
  *json(n: number = Infinity): Generator<Uint8Array<ArrayBuffer>, void> {
    yield encoder.encode("[");
    yield* pairsJson(this.#words, this.#sorted.subarray(0, Math.min(n, this.size)));
    yield encoder.encode("]");
  }

  /** Finishes `hash` with the JSON of all words. */
  *hash(hash: Hash): Steps<string> {
    for (const piece of this.json()) {
      hash.update(piece);
      yield piece.length >> 2;
    }
    return hash.digest();
  }
}

/** The words' places, and whether their bytes are what their texts are. */
function* wordsOf({ bytes, counts }: CountedBytes): Steps<Words & { readonly isWellFormed: boolean }> {
  const starts = new Uint32Array(counts.length + 1);
  let words = 0;
  let isWellFormed = true;
  for (let from = 0; from < bytes.length;) {
    // Up to a word's end, so that no character is cut.
    const to = bytes.indexOf(LF, Math.min(from + STEP_BYTES, bytes.length) - 1) + 1;
    let bits = 0;
    for (let i = from; i < to; i++) {
      const byte = bytes[i] as number;
      bits |= byte;
      if (byte === LF) starts[++words] = i + 1;
    }
    if (bits >= 0x80) isWellFormed &&= isValid(bytes.subarray(from, to));
    yield to - from;
    from = to;
  }
  return { bytes, starts, counts, isWellFormed };
}

function* sumOf(counts: Float64Array): Steps<number> {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) {
    sum += counts[i] as number;
    if (i % STEP_BYTES === 0) yield STEP_BYTES >> 3;
  }
  return sum;
}

function isValid(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** The same words with U+FFFD for what is not valid, each text once; in order of first appearance. */
function* merged(words: Words): Steps<Words> {
  const { counts, starts } = words;
  /** Places of the texts with U+FFFD; all other words differ in their bytes. Many maps, as a large one takes long to grow. */
  const maps = Array.from({ length: 256 }, () => new Map<string, number>());
  const all = new WordColumns(words);
  for (let i = 0; i < counts.length; i++) {
    const text = textAt(words, i);
    const count = counts[i] as number;
    const places = maps[(text.length * 31 + text.charCodeAt(text.length - 1)) & 0xff] as Map<string, number>;
    const known = places.get(text);
    if (known !== undefined) all.add(known, count);
    else if (text.includes(REPLACEMENT)) places.set(text, all.push(encoder.encode(text), count));
    else all.push(words.bytes.subarray(starts[i], (starts[i + 1] as number) - 1), count);
    yield 20 + (((starts[i + 1] as number) - (starts[i] as number)) >> 2);
  }
  return all.words();
}

/** Words put one after the other. */
class WordColumns {
  #bytes: Uint8Array;
  #used = 0;
  readonly #starts: Uint32Array;
  readonly #counts: Float64Array;
  #size = 0;

  /** For as many as these, and more bytes as they are wanted. */
  constructor({ bytes, counts }: Words) {
    this.#bytes = new Uint8Array(bytes.length + (bytes.length >> 3));
    this.#starts = new Uint32Array(counts.length + 1);
    this.#counts = new Float64Array(counts.length);
  }

  push(word: Uint8Array, count: number): number {
    const next = this.#used + word.length + 1;
    if (next > this.#bytes.length) {
      const larger = new Uint8Array(next * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(word, this.#used);
    this.#bytes[next - 1] = LF;
    this.#used = next;
    this.#counts[this.#size] = count;
    this.#starts[this.#size + 1] = next;
    return this.#size++;
  }

  add(place: number, count: number): void {
    (this.#counts[place] as number) += count;
  }

  words(): Words {
    return {
      bytes: this.#bytes.slice(0, this.#used),
      starts: this.#starts.slice(0, this.#size + 1),
      counts: this.#counts.slice(0, this.#size),
    };
  }
}

function textAt({ bytes, starts }: Words, place: number): string {
  return decodeUtf8(bytes.subarray(starts[place], (starts[place + 1] as number) - 1));
}
