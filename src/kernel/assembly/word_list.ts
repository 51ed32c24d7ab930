/**
 * Counts many words at once: first where each would be, then all those places are touched, then compared. So many cache
 * misses are waited for together, and a word that is not where it would be costs no mispredicted branch. @module
 */

import { m0, m1, m2, mix } from "./hash";
import { countLong } from "./long_words";
import { bits, countShort, masks, SHORT, slots, TOO_LONG } from "./short_words";

/** Words listed at most before they are counted; a block of bytes may bring 64 more, and 8 are written at once. */
const WORDS: usize = 256;
const ROOM: i32 = 256 + 64 + 16;
export const FULL: usize = WORDS << 2;

/** Smaller tables stay in the nearest cache. */
const TOUCHED_BITS: u32 = 13;

/** A place in the list is 4 times a word's number. There: where the word starts, where it ends, and the slot where it would be. */
export const starts: usize = memory.data(4 * ROOM, 64);
export const ends: usize = memory.data(4 * ROOM, 64);
const places: usize = memory.data(4 * ROOM, 64);
const keys: usize = memory.data(16 * ROOM, 64);
const missed: usize = memory.data(4 * ROOM, 64);

/** Counts a word however long. */
export function count(at: usize, length: u32, weight: u32): void {
  if (length > SHORT) countLong(at, length, weight);
  else countShort(at, length, weight);
}

/** Counts the words of the list up to a place, which becomes its beginning. */
export function countList(to: usize): void {
  if (to === 0) return;
  place(to);
  if (bits >= TOUCHED_BITS) touch(to);
  // In their order, as new words are among them.
  const last = compare(to);
  for (let miss: usize = 0; miss < last; miss += 4) {
    const at = load<u32>(miss, missed);
    const start = load<u32>(at, starts);
    count(start, load<u32>(at, ends) - start, 1);
  }
  store<u32>(0, load<u32>(to, starts), starts);
}

function place(to: usize): void {
  const a = m0;
  const b = m1;
  const c = m2;
  const table = slots;
  const size = <u64>16 << bits;
  for (let at: usize = 0; at < to; at += 4) {
    const word = load<u32>(at, starts);
    const mask = min(load<u32>(at, ends) - word, TOO_LONG) << 5;
    const key = v128.or(v128.and(v128.load(word), v128.load(mask, masks)), v128.load(mask, masks + 16));
    v128.store(at << 2, key, keys);
    const hash = mix(i64x2.extract_lane(key, 0), i64x2.extract_lane(key, 1), a, b, c);
    store<u32>(at, table + (<usize>(((hash >> 32) * size) >> 32) & ~15), places);
  }
}

/** Nothing hangs on what is loaded, so the processor waits for many at once. A load may trap: it is done though nobody wants it. */
function touch(to: usize): void {
  for (let at: usize = 0; at < to; at += 16) {
    // Past the end there are places of before.
    load<u32>(load<u32>(at, places));
    load<u32>(load<u32>(at, places + 4));
    load<u32>(load<u32>(at, places + 8));
    load<u32>(load<u32>(at, places + 12));
  }
}

/** Counts the words that are where they would be, without a branch, and lists the others. */
function compare(to: usize): usize {
  let miss: usize = 0;
  for (let at: usize = 0; at < to; at += 4) {
    const slot = load<u32>(at, places);
    const half = load<u64>(slot, 8);
    const differing =
      (load<u64>(slot) ^ load<u64>(at << 2, keys)) | <u64>(<u32>(half ^ load<u64>(at << 2, keys + 8)));
    const isMissing = <u64>(differing !== 0);
    store<u64>(slot, half + 0x100000000 - (isMissing << 32), 8);
    store<u32>(miss, at, missed);
    miss += <usize>isMissing << 2;
  }
  return miss;
}
