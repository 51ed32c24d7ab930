/** Random numbers that can be repeated. @module */

/** Mulberry32 counts in these steps, so each of its numbers can be had without those before it. */
export const STEP: number = 0x6d2b79f5;
/** After so many numbers Mulberry32 begins again. */
const PERIOD = 2 ** 32;

/** Where the generator stands after `drawn` numbers: `state` is before the next, `left` of them come before it must be asked anew. */
export function stateAfter(drawn: number, seed: number): { state: number; key: number; left: number } {
  const period = Math.floor(drawn / PERIOD);
  const inPeriod = drawn - period * PERIOD;
  return {
    state: (seed + Math.imul(inPeriod, STEP)) | 0,
    // Mulberry32 would begin again, within a minute or two when it chooses fifty million lines a second.
    key: period === 0 ? 0 : mix(Math.imul(period, STEP), 0),
    left: PERIOD - inPeriod,
  };
}

/** The number in [0, 1) after `drawn` numbers. */
export function drawAfter(drawn: number, seed: number): number {
  const { state, key } = stateAfter(drawn, seed);
  return (mix((state + STEP) | 0, key) >>> 0) / PERIOD;
}

/** The number of a state; another key gives other numbers, 0 those of Mulberry32. `fill_code.ts` does the same. */
function mix(state: number, key: number): number {
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state) ^ key;
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return mixed ^ (mixed >>> 14);
}

/** A seed for those who bring none. */
export function randomSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
