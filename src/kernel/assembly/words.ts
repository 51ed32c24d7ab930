/** Finds the words of whole lines: with `word_list.ts` the loops that all the work goes through. @module */

import { bitsOf, CR, endsIn, LF, separates, separator, separatorSize } from "./ends";
import { countList, ends, FULL, starts } from "./word_list";

/** Lines counted. */
export let lines: f64 = 0;
/** In memory, as constants would be made anew for each use. */
const lineEnds: usize = memory.data<u8>([0x0a, 0x0d]);

export function takeLines(): f64 {
  const taken = lines;
  lines = 0;
  return taken;
}

export function addLines(count: u32): void {
  lines += <f64>count;
}

/** Counts the words of the bytes in [from, end): whole lines with their ends. Reads up to 80 bytes past them. */
export function countWords(from: usize, end: usize): void {
  const separators = i8x16.splat(<i8>separator);
  const feeds = v128.load8_splat(lineEnds);
  const returns = v128.load8_splat(lineEnds, 1);
  const isOneByte = separatorSize === 1;
  let to: usize = 0;
  let feedsFound: u32 = 0;
  store<u32>(0, from, starts);
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
    if (isOneByte && !v128.any_true(cr) && load<u32>(to, starts) <= <u32>block) {
      const lf = bitsOf(i8x16.eq(a, feeds), i8x16.eq(b, feeds), i8x16.eq(c, feeds), i8x16.eq(d, feeds)) & within;
      const by = bitsOf(
        i8x16.eq(a, separators),
        i8x16.eq(b, separators),
        i8x16.eq(c, separators),
        i8x16.eq(d, separators),
      );
      feedsFound += <u32>popcnt(lf);
      to = list(lf | (by & within), block, to);
    } else {
      to = listCarefully(endsIn(block, true) & within, block, end, to);
    }
    if (to >= FULL) {
      countList(to);
      to = 0;
    }
  }
  countList(to);
  lines += <f64>feedsFound;
}

/** Lists the words that end where there are bits, each of which starts the next; returns the list's end. */
// @ts-ignore: AssemblyScript's decorators stand on functions too.
@inline
function list(bits: u64, block: usize, to: usize): usize {
  const size = <usize>popcnt(bits) << 2;
  let left = listEight(bits, block, to);
  if (size > 32) {
    left = listEight(left, block, to + 32);
    for (let more = to + 64; left !== 0; more += 32) left = listEight(left, block, more);
  }
  return to + size;
}

/** Always eight, as it would cost more to tell how many; what is too much will be written over. */
// @ts-ignore: AssemblyScript's decorators stand on functions too.
@inline
function listEight(bits: u64, block: usize, to: usize): u64 {
  let left = bits;
  for (let i: usize = 0; i < 32; i += 4) {
    const end = <u32>(block + <usize>ctz(left));
    store<u32>(to + i, end, ends);
    store<u32>(to + i, end + 1, starts + 4);
    left &= left - 1;
  }
  return left;
}

/** The same where a line feed may follow a carriage return, and ends nothing; or where a separator is of several bytes. */
function listCarefully(bits: u64, block: usize, end: usize, at: usize): usize {
  let to = at;
  let start = load<u32>(to, starts);
  for (let left = bits; left !== 0; left &= left - 1) {
    const place = <u32>(block + <usize>ctz(left));
    if (place < start) continue;
    const byte = <u32>load<u8>(place);
    const isLineEnd = byte === LF || byte === CR;
    if (!isLineEnd && separatorSize > 1 && !separates(place, end)) continue;
    store<u32>(to, place, ends);
    start = place + (isLineEnd ? 1 : separatorSize);
    if (isLineEnd) lines += 1;
    if (byte === CR && <u32>load<u8>(place, 1) === LF) start++;
    to += 4;
    store<u32>(to, start, starts);
  }
  return to;
}
