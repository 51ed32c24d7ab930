/** SipHash-1-3 with key 0: what `hash(str)` is in CPython 3.11 and later when PYTHONHASHSEED is 0. @module */

/**
 * Four 64-bit words as 32-bit halves, the low one first. One for all, as no call is within another. (BigInt is some twenty times
 * slower here, objects for the words four times.)
 */
const state = new Int32Array(8);
const START = [0x70736575, 0x736f6d65, 0x6e646f6d, 0x646f7261, 0x6e657261, 0x6c796765, 0x79746573, 0x74656462];

/** One round; `l0` and `h0` are the halves of v0, and so on. */
function round(): void {
  let l0 = state[0] as number;
  let h0 = state[1] as number;
  let l1 = state[2] as number;
  let h1 = state[3] as number;
  let l2 = state[4] as number;
  let h2 = state[5] as number;
  let l3 = state[6] as number;
  let h3 = state[7] as number;
  let old = l0;
  // v0 += v1; v1 = (v1 <<< 13) ^ v0; v0 <<<= 32
  l0 = (l0 + l1) | 0;
  h0 = (h0 + h1 + carry(l0, old)) | 0;
  old = l1;
  l1 = ((l1 << 13) | (h1 >>> 19)) ^ l0;
  h1 = ((h1 << 13) | (old >>> 19)) ^ h0;
  old = l0;
  l0 = h0;
  h0 = old;
  // v2 += v3; v3 = (v3 <<< 16) ^ v2
  old = l2;
  l2 = (l2 + l3) | 0;
  h2 = (h2 + h3 + carry(l2, old)) | 0;
  old = l3;
  l3 = ((l3 << 16) | (h3 >>> 16)) ^ l2;
  h3 = ((h3 << 16) | (old >>> 16)) ^ h2;
  // v0 += v3; v3 = (v3 <<< 21) ^ v0
  old = l0;
  l0 = (l0 + l3) | 0;
  h0 = (h0 + h3 + carry(l0, old)) | 0;
  old = l3;
  l3 = ((l3 << 21) | (h3 >>> 11)) ^ l0;
  h3 = ((h3 << 21) | (old >>> 11)) ^ h0;
  // v2 += v1; v1 = (v1 <<< 17) ^ v2; v2 <<<= 32
  old = l2;
  l2 = (l2 + l1) | 0;
  h2 = (h2 + h1 + carry(l2, old)) | 0;
  old = l1;
  l1 = ((l1 << 17) | (h1 >>> 15)) ^ l2;
  h1 = ((h1 << 17) | (old >>> 15)) ^ h2;
  state[0] = l0;
  state[1] = h0;
  state[2] = l1;
  state[3] = h1;
  state[4] = h2;
  state[5] = l2;
  state[6] = l3;
  state[7] = h3;
}

/** What is carried out of the low half when `sum` came of adding to `part`. */
function carry(sum: number, part: number): number {
  return sum >>> 0 < part >>> 0 ? 1 : 0;
}

function absorb(low: number, high: number): void {
  state[6] = (state[6] as number) ^ low;
  state[7] = (state[7] as number) ^ high;
  round();
  state[0] = (state[0] as number) ^ low;
  state[1] = (state[1] as number) ^ high;
}

/** The bytes from `from` on, at most four, as a little-endian number. */
function half(bytes: Uint8Array, from: number): number {
  let value = 0;
  for (let i = Math.min(bytes.length - from, 4) - 1; i >= 0; i--) value = (value << 8) | (bytes[from + i] as number);
  return value;
}

/** The low halves (from 0) or the high ones (from 1) together. */
function merged(first: 0 | 1): number {
  let bits = 0;
  for (let i = first; i < state.length; i += 2) bits ^= state[i] as number;
  return bits >>> 0;
}

/** The hash of `bytes` as an unsigned 64-bit number in two 32-bit halves, the high one first. */
export function siphash13(bytes: Uint8Array): readonly [number, number] {
  state.set(START);
  const whole = bytes.length - (bytes.length % 8);
  for (let at = 0; at < whole; at += 8) absorb(half(bytes, at), half(bytes, at + 4));
  absorb(half(bytes, whole), half(bytes, whole + 4) | (bytes.length << 24));
  state[4] = (state[4] as number) ^ 0xff;
  for (let i = 0; i < 3; i++) round();
  return [merged(1), merged(0)];
}
