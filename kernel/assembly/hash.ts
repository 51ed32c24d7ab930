/** Seeded hashes of words, whose top bits are their place in a table. @module */

/** Odd, and random for each process: set before the first word. */
export let m0: u64 = 0x9e3779b97f4a7c15;
export let m1: u64 = 0xc2b2ae3d27d4eb4f;
export let m2: u64 = 0xd6e8feb86659fd93;

export function seed(a: u64, b: u64, c: u64): void {
  m0 = a | 1;
  m1 = b | 1;
  m2 = c | 1;
}

/** The hash of a word that fits a slot. */
// @ts-ignore: AssemblyScript's decorators stand on functions too.
@inline
export function shortHash(k0: u64, k1: u64): u64 {
  const h = (k0 * m0) ^ ((k1 ^ m2) * m1);
  return (h ^ (h >> 32)) * m2;
}

/** The hash of 8 bytes or more. */
export function longHash(at: usize, length: u32): u64 {
  let h = (m0 ^ length) * m1;
  const last = at + length - 8;
  for (; at < last; at += 8) {
    h = (h ^ load<u64>(at)) * m0;
    h ^= h >> 32;
  }
  h = (h ^ load<u64>(last)) * m1;
  return (h ^ (h >> 32)) * m2;
}
