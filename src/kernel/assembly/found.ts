/** The distinct words of an interval in order of first appearance: their bytes, each ended by a line feed, and their sums. @module */

import { blockSize, giveBack, take } from "./memory";

let maxWords: u32 = 0;
/** Words of this interval: fewer than the bound where the host gave no more memory. */
let most: u32 = 0;
let maxBytes: u32 = 0;

/** How many there are. */
export let size: u32 = 0;
/** Where their bytes are, and how many. */
export let bytes: usize = 0;
export let used: u32 = 0;
let room: u32 = 0;
/** Their sums, when it was last gathered: one, which stays in the tables, and what was gathered. */
export let sums: usize = 0;
let places: u32 = 0;
/** New words that came when a bound was reached. */
export let other: f64 = 0;

/** Sets the bounds, before the first word. */
export function bound(words: u32, wordBytes: u32): void {
  maxWords = words;
  most = words;
  maxBytes = wordBytes;
  room = 1 << 14;
  bytes = take(room);
  places = 1 << 10;
  sums = take(places << 3);
}

/**
 * Whether a new word is within the bounds. One that was refused is never admitted in the same interval, so gathering, which
 * counts words again, finds or refuses them all and grows nothing: memory grows while bytes are fed only.
 */
export function hasRoom(length: u32): bool {
  return size < most && used + length + 1 <= maxBytes;
}

/** Takes a new word that has room: its number, or -1 where the host gives no more memory. */
export function admit(at: usize, length: u32): i32 {
  const next = used + length + 1;
  if ((next > room && !moreBytes(next)) || (size === places && !moreSums())) return -1;
  const to = bytes + used;
  memory.copy(to, at, length);
  store<u8>(to + length, 0x0a);
  store<f64>(sums + (<usize>size << 3), 1);
  used = next;
  return size++;
}

/** There is no memory for more. */
export function close(weight: u32): void {
  most = size;
  refuse(weight);
}

export function refuse(weight: u32): void {
  other += <f64>weight;
}

// @ts-ignore: AssemblyScript's decorators stand on functions too.
@inline
export function addTo(word: u32, count: u32): void {
  const sum = sums + (<usize>word << 3);
  store<f64>(sum, load<f64>(sum) + <f64>count);
}

export function setOther(count: f64): void {
  other = count;
}

export function forget(): void {
  size = 0;
  used = 0;
  other = 0;
  most = maxWords;
}

function moreBytes(wanted: u32): bool {
  const larger = blockSize(wanted);
  const block = take(larger);
  if (block === 0) return false;
  memory.copy(block, bytes, used);
  giveBack(bytes, room);
  bytes = block;
  room = larger;
  return true;
}

function moreSums(): bool {
  const block = take(places << 4);
  if (block === 0) return false;
  memory.copy(block, sums, places << 3);
  giveBack(sums, places << 3);
  sums = block;
  places <<= 1;
  return true;
}
