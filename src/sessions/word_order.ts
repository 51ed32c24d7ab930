/** The order of many words, found a little at a time and without making texts of them. @module */

import type { Steps } from "../clock.ts";

/** Words in columns: each is `bytes` from `starts[i]` to the byte before `starts[i + 1]`, which only ends it. */
export interface Words {
  readonly bytes: Uint8Array;
  /** One more than there are words. */
  readonly starts: Uint32Array;
  readonly counts: Float64Array;
}

/** Words done in one step at the most: their number must fit in 16 bits. */
const STEP_WORDS = 1 << 14;
/** So few words are sorted by insertion, by so many bytes. */
const FEW_WORDS = 12;
const FEW_BYTES = 256;
/** What one word costs, where it is looked up in memory at random. */
const WORD_UNITS = 2;

/** A part of the places, whose words are alike in their first `depth` bytes. */
interface Range {
  readonly from: number;
  readonly to: number;
  readonly depth: number;
}

/**
 * The words' places: count descending, then by bytes, which in UTF-8 is by code point. A radix sort from the front: each range
 * is put in order by a few bytes more, and words that are alike in them are a range of their own. Its work is bounded by the
 * words' bytes, whatever they are.
 */
export function* sortedPlaces(words: Words): Steps<Uint32Array> {
  const sort = new BytesSort(words);
  const ranges: Range[] = [{ from: 0, to: words.counts.length, depth: 0 }];
  for (let range = ranges.pop(); range !== undefined; range = ranges.pop()) {
    const { from, to } = range;
    if (to - from <= FEW_WORDS) yield sort.few(range, ranges);
    else if (to - from <= STEP_WORDS) yield sort.some(range, ranges);
    else yield* sort.many(range, ranges);
  }
  return yield* byCount(words.counts, sort.places);
}

/** What is sorted, and the memory to do it in. A word reads as if zeros came after it; where that makes two alike, the shorter is first. */
class BytesSort {
  readonly places: Uint32Array;
  readonly #bytes: Uint8Array;
  readonly #starts: Uint32Array;
  readonly #spare: Uint32Array;
  /** Six bytes of a word and its number, to be sorted as numbers; the same as halves, on machines that are little-endian, as all are. */
  readonly #keys = new BigUint64Array(STEP_WORDS);
  readonly #halves = new Uint32Array(this.#keys.buffer);

  constructor({ bytes, starts, counts }: Words) {
    this.#bytes = bytes;
    this.#starts = starts;
    this.places = new Uint32Array(counts.length);
    for (let i = 0; i < this.places.length; i++) this.places[i] = i;
    this.#spare = new Uint32Array(counts.length);
  }

  /** By insertion. */
  few({ from, to, depth }: Range, ranges: Range[]): number {
    const { places } = this;
    for (let i = from + 1; i < to; i++) {
      const place = places[i] as number;
      let at = i;
      for (; at > from && this.#compare(places[at - 1] as number, place, depth) > 0; at--)
        places[at] = places[at - 1] as number;
      places[at] = place;
    }
    for (let i = from + 1, start = from; i <= to; i++) {
      if (i < to && this.#compare(places[i - 1] as number, places[i] as number, depth) === 0) continue;
      if (i - start > 1) ranges.push({ from: start, to: i, depth: depth + FEW_BYTES });
      start = i;
    }
    return (to - from) * WORD_UNITS * 4;
  }

  /** By six bytes, as numbers. */
  some({ from, to, depth }: Range, ranges: Range[]): number {
    const keys = this.#keys.subarray(0, to - from);
    if (!this.#setKeys(from, to, depth)) this.#setLengths(from, to);
    keys.sort();
    const halves = this.#halves;
    for (let i = 0; i < to - from; i++)
      this.#spare[i] = this.places[from + ((halves[i * 2] as number) & 0xffff)] as number;
    this.places.set(this.#spare.subarray(0, to - from), from);
    for (let i = 1, start = 0; i <= to - from; i++) {
      if (i < to - from && this.#isAlike(i)) continue;
      if (i - start > 1) ranges.push({ from: from + start, to: from + i, depth: depth + 6 });
      start = i;
    }
    return (to - from) * WORD_UNITS * 2 + 100;
  }

  /** By two bytes, as places in a table. */
  *many({ from, to, depth }: Range, ranges: Range[]): Steps<void> {
    const { places } = this;
    const ends = new Uint32Array(1 << 16);
    for (let i = from; i < to; i++) {
      (ends[this.#twoBytes(places[i] as number, depth)] as number)++;
      if (i % STEP_WORDS === 0) yield STEP_WORDS * WORD_UNITS;
    }
    let end = from;
    for (let digit = 0; digit < ends.length; digit++) {
      const size = ends[digit] as number;
      ends[digit] = end;
      if (size > 1) ranges.push({ from: end, to: end + size, depth: depth + 2 });
      end += size;
    }
    for (let i = from; i < to; i++) {
      const place = places[i] as number;
      const digit = this.#twoBytes(place, depth);
      this.#spare[ends[digit] as number] = place;
      (ends[digit] as number)++;
      if (i % STEP_WORDS === 0) yield STEP_WORDS * WORD_UNITS;
    }
    places.set(this.#spare.subarray(from, to), from);
  }

  /** False where no word has any bytes left. */
  #setKeys(from: number, to: number, depth: number): boolean {
    const bytes = this.#bytes;
    let isLeft = false;
    for (let i = from; i < to; i++) {
      const place = this.places[i] as number;
      const end = (this.#starts[place + 1] as number) - 1;
      let at = (this.#starts[place] as number) + depth;
      isLeft ||= at < end;
      let high = 0;
      for (const stop = at + 4; at < stop; at++) high = (high << 8) | (at < end ? (bytes[at] as number) : 0);
      const fifth = at < end ? (bytes[at] as number) : 0;
      const sixth = at + 1 < end ? (bytes[at + 1] as number) : 0;
      this.#halves[(i - from) * 2 + 1] = high;
      this.#halves[(i - from) * 2] = (fifth << 24) | (sixth << 16) | (i - from);
    }
    return isLeft;
  }

  #setLengths(from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const place = this.places[i] as number;
      this.#halves[(i - from) * 2 + 1] = (this.#starts[place + 1] as number) - (this.#starts[place] as number);
      this.#halves[(i - from) * 2] = i - from;
    }
  }

  /** Whether the sorted keys at `i` and before are of the same six bytes. */
  #isAlike(i: number): boolean {
    const halves = this.#halves;
    return (
      halves[i * 2 + 1] === halves[i * 2 - 1] &&
      ((halves[i * 2] as number) ^ (halves[i * 2 - 2] as number)) >>> 16 === 0
    );
  }

  #twoBytes(place: number, depth: number): number {
    const at = (this.#starts[place] as number) + depth;
    const left = (this.#starts[place + 1] as number) - 1 - at;
    if (left <= 0) return 0;
    return ((this.#bytes[at] as number) << 8) | (left > 1 ? (this.#bytes[at + 1] as number) : 0);
  }

  /** By the bytes from `depth` on; 0 where so many are alike that it is not seen yet. */
  #compare(a: number, b: number, depth: number): number {
    const bytes = this.#bytes;
    const endA = (this.#starts[a + 1] as number) - 1;
    const endB = (this.#starts[b + 1] as number) - 1;
    let i = (this.#starts[a] as number) + depth;
    let j = (this.#starts[b] as number) + depth;
    for (const stop = i + FEW_BYTES; i < stop; i++, j++) {
      if (i >= endA || j >= endB) return endA - i - (endB - j);
      const difference = (bytes[i] as number) - (bytes[j] as number);
      if (difference !== 0) return difference;
    }
    return 0;
  }
}

/** Puts places in order by count, descending; those of one count stay as they are. */
function* byCount(counts: Float64Array, places: Uint32Array): Steps<Uint32Array> {
  const next = new Map<number, number>();
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] as number;
    next.set(count, (next.get(count) ?? 0) + 1);
    if (i % STEP_WORDS === 0) yield STEP_WORDS * WORD_UNITS;
  }
  // There are few: so many words as to have n counts came n * n / 2 times at the least.
  const distinct = Float64Array.from(next.keys()).sort();
  let end = counts.length;
  for (const count of distinct) {
    end -= next.get(count) ?? 0;
    next.set(count, end);
  }
  const sorted = new Uint32Array(counts.length);
  for (let i = 0; i < places.length; i++) {
    const place = places[i] as number;
    const count = counts[place] as number;
    const to = next.get(count) ?? 0;
    sorted[to] = place;
    next.set(count, to + 1);
    if (i % STEP_WORDS === 0) yield STEP_WORDS * WORD_UNITS;
  }
  return sorted;
}
