/** The line that has not come to its end: kept over chunks and intervals, cut where it grows too long. @module */

import { LF } from "./ends";
import { countLines } from "./line_cache";
import { blockSize, giveBack, take } from "./memory";

/** Blocks of bytes are read whole, and past their end. */
export const PAST: u32 = 80;
const FIRST_ROOM: u32 = 1 << 12;
/** A larger room is given back once its line is done. */
const ROOM_KEPT: u32 = 1 << 16;

let maxLength: u32 = 0;
export let bytes: usize = 0;
let room: u32 = FIRST_ROOM;
/** Its bytes that are kept, and all it had. */
export let kept: u32 = 0;
export let length: f64 = 0;
/** What lines lost so far. */
export let droppedLines: f64 = 0;
export let droppedBytes: f64 = 0;

export function open(maxLineLength: u32): void {
  maxLength = maxLineLength;
  bytes = take(room);
}

export function setLength(all: f64): void {
  length = all;
}

export function forgetDropped(): void {
  droppedLines = 0;
  droppedBytes = 0;
}

/** The line goes on with these bytes. */
export function keep(from: usize, to: usize): void {
  const size = <u32>(to - from);
  const whole = length === <f64>kept;
  length += <f64>size;
  const more = min(size, maxLength - kept);
  if (!whole || more === 0 || !reserve(kept + more + PAST)) return;
  memory.copy(bytes + kept, from, more);
  kept += more;
}

/** The line is at its end: it is counted. */
export function finish(): void {
  let end = kept;
  if (length > <f64>kept) {
    end = wholeCharacters();
    droppedLines += 1;
    droppedBytes += length - <f64>end;
  }
  store<u8>(bytes + end, LF);
  countLines(bytes, bytes + end + 1);
  reset();
}

/** Nobody will read on: the line is lost, and said to be. */
export function abandon(): void {
  if (length === 0) return;
  droppedLines += 1;
  droppedBytes += length;
  reset();
}

export function reset(): void {
  kept = 0;
  length = 0;
  if (room <= ROOM_KEPT) return;
  const small = take(FIRST_ROOM);
  if (small === 0) return;
  giveBack(bytes, room);
  bytes = small;
  room = FIRST_ROOM;
}

/** False when the host gives no more memory: then the line is cut here. */
function reserve(size: u32): bool {
  if (size <= room) return true;
  const larger = blockSize(size);
  const block = take(larger);
  if (block === 0) return false;
  memory.copy(block, bytes, kept);
  giveBack(bytes, room);
  bytes = block;
  room = larger;
  return true;
}

/** The largest end, the bytes kept or up to 3 less, that does not cut a UTF-8 sequence. */
function wholeCharacters(): u32 {
  for (let back: u32 = 1; back <= 3 && back <= kept; back++) {
    const byte = <u32>load<u8>(bytes + kept - back);
    if (byte < 0x80) return kept;
    if (byte < 0xc0) continue;
    const wanted: u32 = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return wanted > back ? kept - back : kept;
  }
  return kept;
}
