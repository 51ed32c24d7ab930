/** The counting kernel as its host sees it: bytes in, words and their sums out. The host is `src/engine/kernel.ts`. @module */

import { CR, endsIn, LF, LONGEST_SEPARATOR, setSeparator } from "./ends";
import * as found from "./found";
import * as cache from "./line_cache";
import * as long from "./long_words";
import { take } from "./memory";
import * as short from "./short_words";
import * as unfinished from "./unfinished";

export { seed } from "./hash";
export { takeLines } from "./words";

/** Bytes the host may write before each `feed`. */
const INPUT: u32 = 1 << 18;
/** The tables count in 32 bits: they are gathered before so many bytes. */
const COUNTABLE: u32 = 1 << 31;

let input: usize = 0;
let maxLine: u32 = 0;
let uncounted: u32 = 0;
/** The byte before was a carriage return: a line feed that comes now ends nothing. */
let afterReturn: bool = false;

/** Once, before all else. Returns where the host writes, in a room of 256 KiB. */
export function open(maxWords: u32, maxWordBytes: u32, maxLineLength: u32): usize {
  maxLine = maxLineLength;
  found.bound(maxWords, maxWordBytes);
  short.open();
  long.open();
  unfinished.open(maxLineLength);
  cache.open(take(1 << 19));
  // Before the input there is what a search backwards may read; after it, what a word's load may.
  input = take(INPUT << 1) + 64;
  return input;
}

/** Words are separated by the bytes the host has written; false where it cannot be. Before the first `feed`. */
export function separateBy(size: u32): bool {
  if (size === 0 || size > LONGEST_SEPARATOR) return false;
  setSeparator(input, size);
  return true;
}

/** Takes the bytes the host has written. */
export function feed(size: u32): void {
  uncounted += size;
  if (uncounted > COUNTABLE) {
    gather();
    uncounted = size;
  }
  const end = input + size;
  // A line that is whole in a part so long is not too long.
  for (let at = input; at < end; ) {
    const next = min(at + maxLine, end);
    feedPart(at, next);
    at = next;
  }
}

function feedPart(from: usize, end: usize): void {
  let at = from;
  if (afterReturn && <u32>load<u8>(at) === LF) at++;
  afterReturn = <u32>load<u8>(end - 1) === CR;
  const last = afterLastEnd(at, end);
  if (last > at) {
    if (unfinished.length > 0) at = finishLine(at, end);
    if (at < last) cache.countLines(at, last);
    at = last;
  }
  if (at < end) unfinished.keep(at, end);
}

/** Finishes the unfinished line with the first that ends from `at` on; returns where the next begins. */
function finishLine(at: usize, end: usize): usize {
  let block = at;
  let ends = endsIn(block, false);
  while (ends === 0) {
    block += 64;
    ends = endsIn(block, false);
  }
  const first = block + <usize>ctz(ends);
  unfinished.keep(at, first);
  unfinished.finish();
  const next = first + 1;
  return <u32>load<u8>(first) === CR && next < end && <u32>load<u8>(next) === LF ? next + 1 : next;
}

/** The place after the last line end of [from, end); `from` if there is none. */
function afterLastEnd(from: usize, end: usize): usize {
  for (let block = end; block > from; ) {
    block -= 64;
    let ends = endsIn(block, false);
    if (block < from) ends &= ~(<u64>0) << (from - block);
    if (ends !== 0) return block + 64 - <usize>clz(ends);
  }
  return from;
}

/** The connection is over: an unfinished line is a line. */
export function end(): void {
  afterReturn = false;
  if (unfinished.length > 0) unfinished.finish();
}

export function abandon(): void {
  afterReturn = false;
  unfinished.abandon();
}

/** Brings the sums up to date; returns how many words there are. */
export function gather(): u32 {
  cache.gatherLines(1);
  short.gatherShort();
  long.gatherLong();
  uncounted = 0;
  return found.size;
}

/** Begins the next interval. The unfinished line stays. */
export function forget(): void {
  cache.gatherLines(0);
  short.forgetShort();
  long.forgetLong();
  found.forget();
}

/** Where the words found are, one after the other, each ended by a line feed. */
export function words(): usize {
  return found.bytes;
}
export function wordBytes(): u32 {
  return found.used;
}
/** Where their sums are, as 64-bit floats. */
export function sums(): usize {
  return found.sums;
}
export function other(): f64 {
  return found.other;
}
export function setOther(count: f64): void {
  found.setOther(count);
}
export function droppedLines(): f64 {
  return unfinished.droppedLines;
}
export function droppedBytes(): f64 {
  return unfinished.droppedBytes;
}
export function forgetDropped(): void {
  unfinished.forgetDropped();
}
/** The unfinished line: where its bytes are, how many are kept, how many there were. */
export function line(): usize {
  return unfinished.bytes;
}
export function lineKept(): u32 {
  return unfinished.kept;
}
export function lineLength(): f64 {
  return unfinished.length;
}
export function isAfterReturn(): bool {
  return afterReturn;
}
/** Takes over the state of another reader, whose kept bytes have been fed. */
export function resume(length: f64, isAfter: bool): void {
  unfinished.setLength(length);
  afterReturn = isAfter;
}
