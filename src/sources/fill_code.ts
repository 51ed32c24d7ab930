/** The loop that fills a block with random lines, in WebAssembly. @module */

import { STEP } from "./random.ts";
import {
  add,
  assemble,
  copy16,
  f64,
  get,
  i32,
  isEqual,
  isLess,
  isMore,
  leaveIf,
  load,
  loop,
  multiply,
  multiplyF64,
  or,
  repeat,
  repeatIf,
  set,
  shiftLeft,
  shiftRight,
  subtract,
  toF64,
  toI32,
  xor,
  type Code,
} from "./wasm.ts";

/** A line is copied in strides of so many bytes: as many may be read beyond its end, and written beyond its copy's. */
export const STRIDE: number = 32;

/**
 * Fills the block with at most `left` lines; gives where it ended, and how many lines it did not come to. `state` is Mulberry32's
 * before the first of them, `key` what `random.ts` mixes in.
 */
export type RunFill = (state: number, key: number, left: number) => readonly [end: number, left: number];

/** What the code is made for. The block begins at address 0. */
interface Made {
  readonly blockBytes: number;
  /** How many lines there are to choose from. */
  readonly lines: number;
  /** Where their addresses are. */
  readonly starts: number;
}

const [STATE, KEY, LEFT, TO, MIXED, FROM, END] = [0, 1, 2, 3, 4, 5, 6] as const;
const copied = (offset: number): Code => copy16(get(TO), get(FROM), offset);
const mixedWith = (shift: number): Code => xor(get(MIXED), shiftRight(get(MIXED), i32(shift)));

/** Mulberry32's next number, a choice, and a copy, once for each line. The module imports `host.memory`; its `run` is a {@link RunFill}. */
export function fillCode({ blockBytes, lines, starts }: Made): Uint8Array<ArrayBuffer> {
  const chosen = toI32(multiplyF64(toF64(get(MIXED)), f64(lines / 2 ** 32)));
  return assemble({
    parameters: 3,
    locals: 4,
    results: 2,
    body: [
      loop(
        leaveIf(isEqual(get(LEFT), i32(0))),
        set(STATE, add(get(STATE), i32(STEP))),
        set(MIXED, multiply(xor(get(STATE), shiftRight(get(STATE), i32(15))), or(get(STATE), i32(1)))),
        set(MIXED, xor(get(MIXED), get(KEY))),
        set(MIXED, xor(add(get(MIXED), multiply(mixedWith(7), or(get(MIXED), i32(61)))), get(MIXED))),
        set(MIXED, mixedWith(14)),
        // The address of the line's address.
        set(MIXED, add(i32(starts), shiftLeft(chosen, i32(2)))),
        set(FROM, load(get(MIXED))),
        set(END, add(get(TO), subtract(load(get(MIXED), 4), get(FROM)))),
        leaveIf(isMore(get(END), i32(blockBytes))),
        loop(
          copied(0),
          copied(16),
          set(FROM, add(get(FROM), i32(STRIDE))),
          set(TO, add(get(TO), i32(STRIDE))),
          repeatIf(isLess(get(TO), get(END))),
        ),
        set(TO, get(END)),
        set(LEFT, subtract(get(LEFT), i32(1))),
        repeat(),
      ),
      get(TO),
      get(LEFT),
    ],
  });
}
