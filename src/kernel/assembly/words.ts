/** Counts the words of whole lines: the loop that all the work goes through. @module */

import { m0, m1, m2, mix } from "./hash";
import { countLong } from "./long_words";
import { countShort, masks, SHORT, shift, slots } from "./short_words";

export const LF: u32 = 0x0a;
export const CR: u32 = 0x0d;

/** The byte between words. */
export let separator: u32 = 0x20;
/** Lines counted. */
export let lines: f64 = 0;

export function separateBy(byte: u32): void {
  separator = byte;
}

export function takeLines(): f64 {
  const taken = lines;
  lines = 0;
  return taken;
}

export function addLines(count: u32): void {
  lines += <f64>count;
}

// @ts-ignore
@inline
function bitsOf(a: v128, b: v128, c: v128, d: v128): u64 {
  return (
    <u64>(<u32>i8x16.bitmask(a)) |
    (<u64>(<u32>i8x16.bitmask(b)) << 16) |
    (<u64>(<u32>i8x16.bitmask(c)) << 32) |
    (<u64>(<u32>i8x16.bitmask(d)) << 48)
  );
}

/** Counts a word however long. */
export function count(at: usize, length: u32, weight: u32): void {
  if (length > SHORT) countLong(at, length, weight);
  else countShort(at, length, weight);
}

/** Counts the words of the bytes in [from, end): whole lines with their ends. Reads up to 76 bytes past them. */
export function countWords(from: usize, end: usize): void {
  const separators = i8x16.splat(<i8>separator);
  const feeds = i8x16.splat(<i8>LF);
  const returns = i8x16.splat(<i8>CR);
  const seedA = m0;
  const seedB = m1;
  const seedC = m2;
  let table = slots;
  let by = shift;
  let start = from;
  let ends: u32 = 0;
  for (let block = from; block < end; block += 64) {
    const a = v128.load(block);
    const b = v128.load(block, 16);
    const c = v128.load(block, 32);
    const d = v128.load(block, 48);
    const within = end - block < 64 ? (<u64>1 << (end - block)) - 1 : ~(<u64>0);
    const cr = v128.or(
      v128.or(i8x16.eq(a, returns), i8x16.eq(b, returns)),
      v128.or(i8x16.eq(c, returns), i8x16.eq(d, returns)),
    );
    const lf = bitsOf(i8x16.eq(a, feeds), i8x16.eq(b, feeds), i8x16.eq(c, feeds), i8x16.eq(d, feeds)) & within;
    let left =
      lf |
      (bitsOf(i8x16.eq(a, separators), i8x16.eq(b, separators), i8x16.eq(c, separators), i8x16.eq(d, separators)) &
        within);
    if (v128.any_true(cr) || start > block) {
      start = countCarefully(block, start, within);
      table = slots;
      by = shift;
      continue;
    }
    ends += <u32>popcnt(lf);
    while (left !== 0) {
      const at = block + <usize>ctz(left);
      left &= left - 1;
      const word = start;
      const length = <u32>(at - word);
      start = at + 1;
      if (length > SHORT) {
        countLong(word, length, 1);
        continue;
      }
      const mask = masks + (length << 4);
      const k0 = load<u64>(word) & load<u64>(mask);
      const k1 = (<u64>load<u32>(word, 8) & load<u64>(mask, 8)) | (<u64>length << 24);
      const slot = table + (<usize>(mix(k0, k1, seedA, seedB, seedC) >> by) << 4);
      const half = load<u64>(slot, 8);
      if (((load<u64>(slot) ^ k0) | <u64>(<u32>(half ^ k1))) === 0 && half >> 32 !== 0) {
        store<u64>(slot, half + 0x100000000, 8);
      } else {
        countShort(word, length, 1);
        table = slots;
        by = shift;
      }
    }
  }
  lines += <f64>ends;
}

/** The same for one block with a carriage return in it, or before it: a line feed that follows one ends nothing. */
function countCarefully(block: usize, from: usize, within: u64): usize {
  let start = from;
  for (let left = endsIn(block, true) & within; left !== 0; left &= left - 1) {
    const at = block + <usize>ctz(left);
    if (at < start) continue;
    count(start, <u32>(at - start), 1);
    start = at + 1;
    const byte = <u32>load<u8>(at);
    if (byte !== LF && byte !== CR) continue;
    lines += 1;
    if (byte === CR && <u32>load<u8>(at, 1) === LF) start++;
  }
  return start;
}

/** The bits of the line ends in a block of 64 bytes; of the separators too. */
export function endsIn(block: usize, orSeparators: bool): u64 {
  const a = v128.load(block);
  const b = v128.load(block, 16);
  const c = v128.load(block, 32);
  const d = v128.load(block, 48);
  const feeds = i8x16.splat(<i8>LF);
  const returns = i8x16.splat(<i8>CR);
  const ends = bitsOf(
    v128.or(i8x16.eq(a, feeds), i8x16.eq(a, returns)),
    v128.or(i8x16.eq(b, feeds), i8x16.eq(b, returns)),
    v128.or(i8x16.eq(c, feeds), i8x16.eq(c, returns)),
    v128.or(i8x16.eq(d, feeds), i8x16.eq(d, returns)),
  );
  if (!orSeparators) return ends;
  const by = i8x16.splat(<i8>separator);
  return ends | bitsOf(i8x16.eq(a, by), i8x16.eq(b, by), i8x16.eq(c, by), i8x16.eq(d, by));
}
