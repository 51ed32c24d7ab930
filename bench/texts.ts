/** The texts of the engine's bench: seeded, so the same on every machine. @module */

import { seededRandom } from "../test/support/seeded_random.ts";

/** A text and how many bytes of it there are in a round. */
export interface Text {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const VOCABULARY = 100_000;
const LINE_BYTES = 100;
const FIVE = [
  "hello spark streaming world",
  "big data is fun with spark",
  "the quick brown fox jumps over it",
  "lorem ipsum dolor sit amet",
  "streaming counts words in batches",
];

/** Words by Zipf's law (s = 1) of 100 000, one in twenty Cyrillic, in lines of about 100 bytes. */
export function zipf(size: number): Text {
  const random = seededRandom(12_345);
  const words = vocabulary(random).map((word) => new TextEncoder().encode(word));
  const sums = new Float64Array(VOCABULARY);
  let sum = 0;
  for (let rank = 0; rank < VOCABULARY; rank++) sums[rank] = sum += 1 / (rank + 1);
  const writer = new Writer(size);
  let line = 0;
  while (writer.room > 200) {
    const word = words[lowerBound(sums, random() * sum)]!;
    line += word.length + 1;
    writer.write(word, line < LINE_BYTES ? 0x20 : 0x0a);
    if (line >= LINE_BYTES) line = 0;
  }
  writer.write(new Uint8Array(0), 0x0a);
  return { name: "zipf", bytes: writer.bytes };
}

/** Five lines over and over, in random order. */
export function fiveLines(size: number): Text {
  const random = seededRandom(54_321);
  const lines = FIVE.map((line) => new TextEncoder().encode(line));
  const writer = new Writer(size);
  while (writer.room > 64) writer.write(lines[Math.floor(random() * lines.length)]!, 0x0a);
  return { name: "five lines", bytes: writer.bytes };
}

/** So many words, each as likely as any other, in lines of about 100 bytes. */
export function manyWords(distinct: number, size: number): Uint8Array {
  const random = seededRandom(distinct);
  const writer = new Writer(size);
  for (let line = 0; writer.room > 200;) {
    const word = new TextEncoder().encode(((Math.floor(random() * distinct) + distinct) * 31).toString(36));
    line = line < LINE_BYTES ? line + word.length + 1 : 0;
    writer.write(word, line === 0 ? 0x0a : 0x20);
  }
  writer.write(new Uint8Array(0), 0x0a);
  return writer.bytes;
}

/** The same words in lines of about so many bytes. */
export function withLinesOf(length: number, text: Uint8Array): Uint8Array {
  let start = 0;
  return text.map((byte, at) => {
    if (byte !== 0x20 && byte !== 0x0a) return byte;
    if (at - start < length && at < text.length - 1) return 0x20;
    start = at;
    return 0x0a;
  });
}

class Writer {
  readonly #buffer: Uint8Array;
  #used = 0;

  constructor(size: number) {
    this.#buffer = new Uint8Array(size);
  }

  get room(): number {
    return this.#buffer.length - this.#used;
  }

  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#used);
  }

  write(bytes: Uint8Array, end: number): void {
    this.#buffer.set(bytes, this.#used);
    this.#used += bytes.length;
    this.#buffer[this.#used++] = end;
  }
}

function vocabulary(random: () => number): string[] {
  const words = new Set<string>();
  while (words.size < VOCABULARY) {
    const isCyrillic = random() < 0.05;
    // The first, which are the most frequent, are short, as in any language.
    const length = 2 + Math.floor(random() * random() * 10) + (words.size > 2000 ? 2 : 0);
    let word = "";
    for (let i = 0; i < length; i++)
      word += String.fromCodePoint((isCyrillic ? 0x4_30 : 0x61) + Math.floor(random() * (isCyrillic ? 32 : 26)));
    words.add(word);
  }
  return [...words];
}

function lowerBound(sums: Float64Array, value: number): number {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
