/** The table of words longer than a slot: 16 bytes each of hash, length, place among the found words' bytes, and count. @module */

import { SHORT } from "./short_words";
import * as found from "./found";
import { isPrepared, nextNumbers, nextSlots, prepare, taken } from "./growth";
import { longHash } from "./hash";
import { giveBack, take } from "./memory";

const FIRST_BITS: u32 = 8;
const MOST_BITS: u32 = 26;

let slots: usize = 0;
let numbers: usize = 0;
let bits: u32 = FIRST_BITS;
let filled: u32 = 0;
const next: usize = memory.data(12, 16);

export function open(): void {
  slots = take(16 << bits);
  numbers = take(4 << bits);
  memory.fill(slots, 0, 16 << bits);
}

export function countLong(at: usize, length: u32, weight: u32): void {
  const hash = <u32>(longHash(at, length) >> 32);
  let slot = seek(at, length, hash);
  const count = load<u32>(slot, 12);
  if (count !== 0) {
    store<u32>(slot, count + weight, 12);
    return;
  }
  if (!found.hasRoom(length)) return found.refuse(weight);
  if (filled >= ((1 << bits) / 8) * 5) prepare(next, 32 << bits);
  if (filled >= ((1 << bits) / 4) * 3) {
    if (!grow()) return found.close(weight);
    slot = seek(at, length, hash);
  }
  const start = found.used;
  const number = found.admit(at, length);
  if (number < 0) return found.close(weight);
  store<u32>(slot, hash);
  store<u32>(slot, length, 4);
  store<u32>(slot, start, 8);
  store<u32>(slot, weight, 12);
  store<u32>(numbers + ((slot - slots) >> 2), number);
  filled++;
}

function seek(at: usize, length: u32, hash: u32): usize {
  const last = (1 << bits) - 1;
  let place = hash >> (32 - bits);
  while (true) {
    const slot = slots + (<usize>place << 4);
    if (load<u32>(slot, 12) === 0) return slot;
    if (load<u32>(slot) === hash && load<u32>(slot, 4) === length && same(found.bytes + load<u32>(slot, 8), at, length))
      return slot;
    place = (place + 1) & last;
  }
}

/** Whether two words of the same length, 8 bytes or more, are one. */
function same(a: usize, b: usize, length: u32): bool {
  const last: usize = length - 8;
  for (let i: usize = 0; i < last; i += 8) if (load<u64>(a + i) !== load<u64>(b + i)) return false;
  return load<u64>(a + last) === load<u64>(b + last);
}

function grow(): bool {
  if (bits === MOST_BITS || !isPrepared(next, 32 << bits)) return false;
  const oldSlots = slots;
  const oldNumbers = numbers;
  const oldSize: u32 = 16 << bits;
  slots = nextSlots(next);
  numbers = nextNumbers(next);
  taken(next);
  bits++;
  const last = (1 << bits) - 1;
  for (let at: usize = 0; at < oldSize; at += 16) {
    if (load<u32>(oldSlots + at, 12) === 0) continue;
    let place = load<u32>(oldSlots + at) >> (32 - bits);
    while (load<u32>(slots + (<usize>place << 4), 12) !== 0) place = (place + 1) & last;
    v128.store(slots + (<usize>place << 4), v128.load(oldSlots + at));
    store<u32>(numbers + (<usize>place << 2), load<u32>(oldNumbers + (at >> 2)));
  }
  giveBack(oldSlots, oldSize);
  giveBack(oldNumbers, oldSize >> 2);
  return true;
}

/** Adds the counts to the sums of the words found, and leaves one of each. */
export function gatherLong(): void {
  const size: usize = 16 << bits;
  for (let at: usize = 0; at < size; at += 16) {
    const count = load<u32>(slots + at, 12);
    if (count <= 1) continue;
    found.addTo(load<u32>(numbers + (at >> 2)), count - 1);
    store<u32>(slots + at, 1, 12);
  }
}

export function forgetLong(): void {
  memory.fill(slots, 0, 16 << bits);
  filled = 0;
}
