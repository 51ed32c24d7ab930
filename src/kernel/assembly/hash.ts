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
export function shortHash(k0: u64, k1: u64): u64 {
  return mix(k0, k1, m0, m1, m2);
}

/** The same with the seeds at hand: a loop that has them in variables need not load them for each word. */
// @ts-ignore: AssemblyScript's decorators stand on functions too.
@inline
export function mix(k0: u64, k1: u64, a: u64, b: u64, c: u64): u64 {
  const h = k0 * a + k1 * b;
  return (h ^ (h >> 32)) * c;
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
