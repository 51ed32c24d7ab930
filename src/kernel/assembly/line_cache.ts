/** Counts whole lines that came before, and their words once for all at the end; switches itself off where lines do not repeat. @module */

import { CR, endsIn, LF, separates, separatorSize } from "./ends";
import { m0, m1, m2 } from "./hash";
import { masks } from "./short_words";
import { count } from "./word_list";
import { addLines, countWords } from "./words";

/** Lines kept, a power of two; and the longest line that is. */
const BITS: u32 = 11;
const LONGEST: u32 = 128;
/** Each: length + 1 (0: free), count, then at 16 the bytes. */
const STRIDE: usize = 16 + LONGEST;
/** Judged by so many lines that were not there: kept on if 4 times as many were. Else off for so many bytes. */
const JUDGED: u32 = 256;
const REST: u32 = 4 << 20;

export let cache: usize = 0;
let rest: u32 = 0;
let hits: u32 = 0;
let misses: u32 = 0;

export const CACHE_SIZE: u32 = <u32>(STRIDE << BITS) + 64;

/** The bits of a line's last, broken 16 bytes. */
const tails = memory.data(16 * 16, 16);

export function open(at: usize): void {
  cache = at;
  memory.fill(cache, 0, CACHE_SIZE);
  for (let length: usize = 0; length < 16; length++) memory.fill(tails + (length << 4), 0xff, length);
}

/** Counts the words of whole lines in [from, end), with their ends. */
export function countLines(from: usize, end: usize): void {
  const size = <u32>(end - from);
  let start = from;
  if (rest === 0) start = countCached(from, end);
  else rest -= min(rest, size);
  if (start < end) countWords(start, end);
}

/** Returns where it gave up, or an end that is not before `end`. */
function countCached(from: usize, end: usize): usize {
  let start = from;
  for (let block = from; block < end; block += 64) {
    let left = endsIn(block, false);
    if (end - block < 64) left &= (<u64>1 << (end - block)) - 1;
    for (; left !== 0; left &= left - 1) {
      const at = block + <usize>ctz(left);
      if (at < start) continue;
      countLine(start, at);
      start = at + 1;
      if (<u32>load<u8>(at) === CR && <u32>load<u8>(at, 1) === LF) start++;
      if (misses >= JUDGED && isIdle()) return start;
    }
  }
  return start;
}

/** Whether too few lines were there; then there will be none for a while. */
function isIdle(): bool {
  const idle = hits < JUDGED * 4;
  hits = 0;
  misses = 0;
  if (idle) rest = REST;
  return idle;
}

/** Counts the line of [start, end); its end follows it. */
function countLine(start: usize, end: usize): void {
  const length = <u32>(end - start);
  if (length > LONGEST) {
    misses++;
    return countWords(start, end + 1);
  }
  const line = cache + <usize>(hashOf(start, length) >> (64 - BITS)) * STRIDE;
  const times = load<u32>(line, 4);
  if (load<u32>(line) === length + 1 && same(line + 16, start, length)) {
    hits++;
    store<u32>(line, times + 1, 4);
    // The first of an interval is counted as it comes, for the order of the words.
    if (times === 0) countWords(start, end + 1);
    else addLines(1);
    return;
  }
  misses++;
  countWords(start, end + 1);
  // One that was found again still has words to count.
  if (times > 1) return;
  store<u32>(line, length + 1);
  store<u32>(line, 1, 4);
  for (let at: u32 = 0; at < length; at += 16) v128.store(line + 16 + at, v128.load(start + at));
}

/** Of a few bytes only: lines that collide cost what they would without a cache. */
// @ts-ignore: AssemblyScript's decorators stand on functions too.
@inline
function hashOf(at: usize, length: u32): u64 {
  let a: u64, b: u64, c: u64;
  if (length >= 8) {
    a = load<u64>(at);
    b = load<u64>(at + length - 8);
    c = load<u64>(at + ((length - 8) >> 1));
  } else {
    a = load<u64>(at) & load<u64>(masks + (length << 5));
    b = 0;
    c = 0;
  }
  const h = ((a ^ m2) * m0) ^ ((b + length) * m1) ^ (c * m2);
  return (h ^ (h >> 32)) * m0;
}

// @ts-ignore: AssemblyScript's decorators stand on functions too.
@inline
function same(a: usize, b: usize, length: u32): bool {
  const whole = length & ~15;
  let differing = v128.and(v128.xor(v128.load(a + whole), v128.load(b + whole)), v128.load(tails + ((length & 15) << 4)));
  for (let at: u32 = 0; at < whole; at += 16)
    differing = v128.or(differing, v128.xor(v128.load(a + at), v128.load(b + at)));
  return !v128.any_true(differing);
}

/** Counts the words of lines that were found again, as often as they were; then each line was there `times`, 0 or 1. */
export function gatherLines(times: u32): void {
  for (let line = cache; line < cache + (STRIDE << BITS); line += STRIDE) {
    const found = load<u32>(line, 4);
    if (found > 1) countTimes(line + 16, load<u32>(line) - 1, found - 1);
    if (found > times) store<u32>(line, times, 4);
  }
}

function countTimes(line: usize, length: u32, times: u32): void {
  const end = line + length;
  let start = line;
  for (let at = line; at < end; at++) {
    if (!separates(at, end)) continue;
    count(start, <u32>(at - start), times);
    start = at + separatorSize;
    at = start - 1;
  }
  count(start, <u32>(end - start), times);
}
