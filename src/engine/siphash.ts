/** SipHash-1-3 with key 0: what `hash(str)` is in CPython 3.11 and later when PYTHONHASHSEED is 0. @module */

const CARRY = 0xffffffff;
const BLOCK = 8;
const LAST_ROUNDS = 3;

/**
 * The hash of the first `length` bytes as an unsigned 64-bit number in two 32-bit halves, the high one first. Every key of a shuffle goes
 * this way, so the four words of the state are plain variables, two halves each.
 */
export function siphash13(bytes: Uint8Array, length: number = bytes.length): readonly [number, number] {
  let [h0, l0, h1, l1] = [0x736f6d65, 0x70736575, 0x646f7261, 0x6e646f6d];
  let [h2, l2, h3, l3] = [0x6c796765, 0x6e657261, 0x74656462, 0x79746573];
  const blocks = Math.floor(length / BLOCK) + 1;
  for (let round = 0; round < blocks + LAST_ROUNDS; round++) {
    const isBlock = round < blocks;
    const low = isBlock ? word(bytes, round * BLOCK, length) : 0;
    let high = isBlock ? word(bytes, round * BLOCK + 4, length) : 0;
    // The last block has the length in its highest byte.
    if (round === blocks - 1) high |= length << 24;
    if (round === blocks) l2 ^= 0xff;
    h3 ^= high;
    l3 ^= low;

    let sum = (l0 >>> 0) + (l1 >>> 0);
    h0 = (h0 + h1 + Number(sum > CARRY)) | 0;
    l0 = sum | 0;
    let turned = (h1 << 13) | (l1 >>> 19);
    l1 = ((l1 << 13) | (h1 >>> 19)) ^ l0;
    h1 = turned ^ h0;
    turned = h0;
    h0 = l0;
    l0 = turned;

    sum = (l2 >>> 0) + (l3 >>> 0);
    h2 = (h2 + h3 + Number(sum > CARRY)) | 0;
    l2 = sum | 0;
    turned = (h3 << 16) | (l3 >>> 16);
    l3 = ((l3 << 16) | (h3 >>> 16)) ^ l2;
    h3 = turned ^ h2;

    sum = (l0 >>> 0) + (l3 >>> 0);
    h0 = (h0 + h3 + Number(sum > CARRY)) | 0;
    l0 = sum | 0;
    turned = (h3 << 21) | (l3 >>> 11);
    l3 = ((l3 << 21) | (h3 >>> 11)) ^ l0;
    h3 = turned ^ h0;

    sum = (l2 >>> 0) + (l1 >>> 0);
    h2 = (h2 + h1 + Number(sum > CARRY)) | 0;
    l2 = sum | 0;
    turned = (h1 << 17) | (l1 >>> 15);
    l1 = ((l1 << 17) | (h1 >>> 15)) ^ l2;
    h1 = turned ^ h2;
    turned = h2;
    h2 = l2;
    l2 = turned;

    h0 ^= high;
    l0 ^= low;
  }
  return [(h0 ^ h1 ^ h2 ^ h3) >>> 0, (l0 ^ l1 ^ l2 ^ l3) >>> 0];
}

/** Four bytes, the lowest first; what is past the end is 0. */
function word(bytes: Uint8Array, at: number, end: number): number {
  let made = 0;
  for (let i = at; i < at + 4 && i < end; i++) made |= (bytes[i] as number) << ((i - at) * 8);
  return made;
}
