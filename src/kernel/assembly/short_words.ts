/**
 * The table of words of up to 11 bytes: slots of 16 bytes, so that a look-up costs one cache line and one exact compare.
 * A slot holds the word's bytes 0-7; bytes 8-10, its length and its count. A count of 0 is an empty slot. @module
 */

import * as found from "./found";
import { isPrepared, nextNumbers, nextSlots, prepare, taken } from "./growth";
import { shortHash } from "./hash";
import { giveBack, take } from "./memory";

/** The longest word that fits. */
export const SHORT: u32 = 11;
const FIRST_BITS: u32 = 12;
const MOST_BITS: u32 = 26;

/** The length that stands for all that do not: no slot has it. */
export const TOO_LONG: u32 = SHORT + 1;
/** For each length up to it 32 bytes: the bits of a slot that are the word's, and the slot's length, one more so that no word is all 0. */
export const masks: usize = memory.data(32 * 13, 32);

export let slots: usize = 0;
/** The word's number, of each slot: not in the slot, as only what is new or moved needs it. */
let numbers: usize = 0;
export let bits: u32 = FIRST_BITS;
let filled: u32 = 0;
const next: usize = memory.data(12, 16);

export function open(): void {
  for (let length: u32 = 0; length <= TOO_LONG; length++) {
    const mask = masks + (length << 5);
    memory.fill(mask, 0xff, min(length, SHORT));
    store<u32>(mask, (length + 1) << 24, 24);
  }
  slots = take(16 << bits);
  numbers = take(4 << bits);
  memory.fill(slots, 0, 16 << bits);
}

/** Counts a word that may be in any slot, or in none yet; `at` is where its bytes are. */
export function countShort(at: usize, length: u32, weight: u32): void {
  const mask = masks + (length << 5);
  const key = v128.or(v128.and(v128.load(at), v128.load(mask)), v128.load(mask, 16));
  const k0 = i64x2.extract_lane(key, 0);
  const k1 = i64x2.extract_lane(key, 1);
  const hash = shortHash(k0, k1);
  let slot = seek(k0, k1, hash);
  if (load<u32>(slot, 12) !== 0) {
    store<u32>(slot, load<u32>(slot, 12) + weight, 12);
    return;
  }
  if (!found.hasRoom(length)) return found.refuse(weight);
  if (filled >= (1 << bits) / 8 * 3) prepare(next, 32 << bits);
  if (filled >= (1 << bits) / 2) {
    if (!grow()) return found.close(weight);
    slot = seek(k0, k1, hash);
  }
  const number = found.admit(at, length);
  if (number < 0) return found.close(weight);
  put(slot, k0, k1 | (<u64>weight << 32), number);
  filled++;
}

/** The slot of a word, or the empty one where it would be. */
function seek(k0: u64, k1: u64, hash: u64): usize {
  const last = (1 << bits) - 1;
  let place = <u32>(((hash >> 32) << bits) >> 32);
  while (true) {
    const slot = slots + (<usize>place << 4);
    const half = load<u64>(slot, 8);
    if (half >> 32 === 0 || (load<u64>(slot) === k0 && <u32>half === <u32>k1)) return slot;
    place = (place + 1) & last;
  }
}

// @ts-ignore: AssemblyScript's decorators stand on functions too.
@inline
function put(slot: usize, first: u64, second: u64, number: u32): void {
  store<u64>(slot, first);
  store<u64>(slot, second, 8);
  store<u32>(numbers + ((slot - slots) >> 2), number);
}

/** Doubles the table. As a hash's top bits are its place, both tables are walked from front to back: it is quick at any size. */
function grow(): bool {
  if (bits === MOST_BITS || !isPrepared(next, 32 << bits)) return false;
  const oldSlots = slots;
  const oldNumbers = numbers;
  const oldSize: u32 = 16 << bits;
  slots = nextSlots(next);
  numbers = nextNumbers(next);
  taken(next);
  bits++;
  for (let at: usize = 0; at < oldSize; at += 16) {
    const second = load<u64>(oldSlots + at, 8);
    if (second >> 32 === 0) continue;
    const first = load<u64>(oldSlots + at);
    const k1 = second & 0xffffffff;
    put(seek(first, k1, shortHash(first, k1)), first, second, load<u32>(oldNumbers + (at >> 2)));
  }
  giveBack(oldSlots, oldSize);
  giveBack(oldNumbers, oldSize >> 2);
  return true;
}

/** Adds the counts to the sums of the words found, and leaves one of each. */
export function gatherShort(): void {
  const size: usize = 16 << bits;
  for (let at: usize = 0; at < size; at += 16) {
    const count = load<u32>(slots + at, 12);
    if (count <= 1) continue;
    found.addTo(load<u32>(numbers + (at >> 2)), count - 1);
    store<u32>(slots + at, 1, 12);
  }
}

export function forgetShort(): void {
  memory.fill(slots, 0, 16 << bits);
  filled = 0;
}
