/** SipHash-1-3 with key 0: what `hash(str)` is in CPython 3.11 and later when PYTHONHASHSEED is 0. @module */

/** A 64-bit word as two 32-bit halves; BigInt is some twenty times slower here. */
class Word {
  hi: number;
  lo: number;
  constructor(hi: number, lo: number) {
    this.hi = hi;
    this.lo = lo;
  }
  add(other: Word): void {
    const lo = (this.lo >>> 0) + (other.lo >>> 0);
    this.hi = (this.hi + other.hi + (lo > 0xffffffff ? 1 : 0)) | 0;
    this.lo = lo | 0;
  }
  xor(other: Word): void {
    this.hi ^= other.hi;
    this.lo ^= other.lo;
  }
  rotate(bits: number): void {
    const { hi, lo } = this;
    if (bits === 32) {
      this.hi = lo;
      this.lo = hi;
      return;
    }
    this.hi = (hi << bits) | (lo >>> (32 - bits));
    this.lo = (lo << bits) | (hi >>> (32 - bits));
  }
}

type State = readonly [Word, Word, Word, Word];

function round([v0, v1, v2, v3]: State): void {
  v0.add(v1);
  v1.rotate(13);
  v1.xor(v0);
  v0.rotate(32);
  v2.add(v3);
  v3.rotate(16);
  v3.xor(v2);
  v0.add(v3);
  v3.rotate(21);
  v3.xor(v0);
  v2.add(v1);
  v1.rotate(17);
  v1.xor(v2);
  v2.rotate(32);
}

/** The hash of `bytes` as an unsigned 64-bit number in two 32-bit halves, the high one first. */
export function siphash13(bytes: Uint8Array): readonly [number, number] {
  const state: State = [
    new Word(0x736f6d65, 0x70736575),
    new Word(0x646f7261, 0x6e646f6d),
    new Word(0x6c796765, 0x6e657261),
    new Word(0x74656462, 0x79746573),
  ];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const block = new Word(0, 0);
  const absorb = (): void => {
    state[3].xor(block);
    round(state);
    state[0].xor(block);
  };
  const whole = bytes.length - (bytes.length % 8);
  for (let at = 0; at < whole; at += 8) {
    block.lo = view.getInt32(at, true);
    block.hi = view.getInt32(at + 4, true);
    absorb();
  }
  block.lo = 0;
  block.hi = (bytes.length & 0xff) << 24;
  for (let i = whole; i < bytes.length; i++) {
    const shift = (i - whole) * 8;
    if (shift < 32) block.lo |= (bytes[i] ?? 0) << shift;
    else block.hi |= (bytes[i] ?? 0) << (shift - 32);
  }
  absorb();
  state[2].lo ^= 0xff;
  for (let i = 0; i < 3; i++) round(state);
  const [v0, v1, v2, v3] = state;
  for (const word of [v1, v2, v3]) v0.xor(word);
  return [v0.hi >>> 0, v0.lo >>> 0];
}
