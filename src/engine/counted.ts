/** One interval's words as they are given out, however they were counted. @module */

import { decodeUtf8 } from "./utf8.ts";

const REPLACEMENT = "\uFFFD";

/** One interval's counts: distinct words in order of first appearance. */
export interface Counted {
  readonly words: readonly string[];
  /** `counts[i]` belongs to `words[i]`. */
  readonly counts: Float64Array;
  /** Words that were new when a bound was reached. */
  readonly other: number;
}

/** The same in bytes: words one after the other, each ended by a line feed, which no word can hold. */
export interface CountedBytes {
  readonly bytes: Uint8Array;
  readonly counts: Float64Array;
  readonly other: number;
}

/** From so many words on an interval's are handed on as bytes, which become texts only where somebody asks for texts. */
const MANY_WORDS = 4096;

/** Gives out what a counter holds for now: few words as texts, many as bytes of their own. */
export function takenOf(counted: CountedBytes): Counted | CountedBytes {
  return counted.counts.length < MANY_WORDS ? decodeCounted(counted) : { ...counted, bytes: counted.bytes.slice() };
}

/** Decodes all words at once. Words that differ only in invalid UTF-8 become one, as both are the same text. */
export function decodeCounted({ bytes, counts, other }: CountedBytes): Counted {
  const text = decodeUtf8(bytes);
  const words = text.split("\n", counts.length);
  return text.includes(REPLACEMENT) ? { ...merge(words, counts), other } : { words, counts, other };
}

/** Adds up words that became the same text. */
function merge(words: readonly string[], counts: Float64Array): { words: string[]; counts: Float64Array } {
  const sums = new Map<string, number>();
  words.forEach((word, i) => sums.set(word, (sums.get(word) ?? 0) + (counts[i] ?? 0)));
  return { words: [...sums.keys()], counts: Float64Array.from(sums.values()) };
}
