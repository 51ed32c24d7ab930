/**
 * The table that comes after a table, twice as large: its memory is taken before it is wanted and cleared bit by bit, as new words
 * come. The system gives the pages of a memory when they are first written, and all at once that would be most of a stall. @module
 */

import { giveBack, take } from "./memory";

/** Bytes of the next table cleared for each new word: it is ready after as many words as an eighth of the table's slots. */
const STEP: u32 = 256;

/** A next table, as a record of 12 bytes: where its slots will be (0: none), its words' numbers, and the bytes of slots cleared. */
// @ts-ignore: AssemblyScript's decorators stand on functions too.
@inline
export function nextSlots(record: usize): usize {
  return load<usize>(record);
}

// @ts-ignore: AssemblyScript's decorators stand on functions too.
@inline
export function nextNumbers(record: usize): usize {
  return load<usize>(record, 4);
}

/** Clears some more of a next table of `size` bytes; does nothing where it is ready, or where the host gives no memory. */
export function prepare(record: usize, size: u32): void {
  const cleared = load<u32>(record, 8);
  if (cleared === size || (load<usize>(record) === 0 && !reserve(record, size))) return;
  memory.fill(load<usize>(record) + cleared, 0, STEP);
  memory.fill(load<usize>(record, 4) + (cleared >> 2), 0, STEP >> 2);
  store<u32>(record, cleared + STEP, 8);
}

export function isPrepared(record: usize, size: u32): bool {
  return load<u32>(record, 8) === size;
}

/** It has become the table. */
export function taken(record: usize): void {
  memory.fill(record, 0, 12);
}

function reserve(record: usize, size: u32): bool {
  const slots = take(size);
  if (slots === 0) return false;
  const numbers = take(size >> 2);
  if (numbers === 0) {
    giveBack(slots, size);
    return false;
  }
  store<usize>(record, slots);
  store<usize>(record, numbers, 4);
  return true;
}
