/** Which place a key has among those seen: what merging by key spends its time in. @module */

import { KeyMap } from "./key_map.ts";

/** Keys of so many characters, all below U+0100, are found by their characters alone, in one line of the cache. */
const SHORT = 11;
/** And those of so many others; their length is marked. */
const SHORT_WIDE = 5;
const WIDE = 1 << 31;
const FIRST_SLOTS = 16;
/** Four numbers: the characters, three to four in each, the length with the last; then the place plus one, or 0. */
const SLOT = 4;
const EMPTY = new Int32Array(SLOT);

/** Random for each process, so that nobody can choose keys that collide. */
const SEEDS = crypto.getRandomValues(new Int32Array(3));
const [SEED_A, SEED_B, SEED_C] = [SEEDS[0] ?? 0, SEEDS[1] ?? 0, SEEDS[2] ?? 0].map((seed) => seed | 1) as [
  number,
  number,
  number,
];

/** The short key looked at last: packed once, compared with three numbers. */
let first = 0;
let second = 0;
let third = 0;

/**
 * Keys in order of first appearance, found by Python's idea of which are one. A `Map` would hash the characters of each
 * new string and then follow four references to compare them.
 */
export class KeyIndex<K> {
  readonly keys: K[] = [];
  #slots = EMPTY;
  #short = 0;
  #others: KeyMap<K, number> | undefined;

  /** The place of a key, or -1. Fails where Python's `hash` does. */
  find(key: K): number {
    if (typeof key === "string" && isShort(key)) return (this.#slots[this.#slot() + 3] as number) - 1;
    this.#others ??= new KeyMap();
    return this.#others.get(key) ?? -1;
  }

  /** Adds a key that is not there, at the next place. */
  add(key: K): void {
    const place = this.keys.push(key);
    if (typeof key !== "string" || !isShort(key)) {
      this.#others ??= new KeyMap();
      this.#others.set(key, place - 1);
      return;
    }
    if (++this.#short * SLOT * 4 > this.#slots.length * 3) this.#grow();
    this.#put(place);
  }

  /** Where the packed key is, or would be. */
  #slot(): number {
    const slots = this.#slots;
    const mask = slots.length / SLOT - 1;
    let hash = Math.imul(first ^ SEED_A, 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 15) ^ second, SEED_B);
    hash = Math.imul(hash ^ (hash >>> 13) ^ third, SEED_C);
    let at = (hash ^ (hash >>> 16)) & mask;
    for (;;) {
      const slot = at * SLOT;
      if (slots[slot + 3] === 0) return slot;
      if (slots[slot] === first && slots[slot + 1] === second && slots[slot + 2] === third) return slot;
      at = (at + 1) & mask;
    }
  }

  #put(place: number): void {
    const slot = this.#slot();
    this.#slots[slot] = first;
    this.#slots[slot + 1] = second;
    this.#slots[slot + 2] = third;
    this.#slots[slot + 3] = place;
  }

  #grow(): void {
    const old = this.#slots;
    const [a, b, c] = [first, second, third];
    this.#slots = new Int32Array(Math.max(FIRST_SLOTS * SLOT, old.length * 2));
    for (let slot = 0; slot < old.length; slot += SLOT) {
      const place = old[slot + 3] as number;
      if (place === 0) continue;
      first = old[slot] as number;
      second = old[slot + 1] as number;
      third = old[slot + 2] as number;
      this.#put(place);
    }
    first = a;
    second = b;
    third = c;
  }
}

/** Packs a key, if it can be. */
function isShort(key: string): boolean {
  const { length } = key;
  if (length > SHORT) return false;
  let all = 0;
  first = 0;
  second = 0;
  third = length << 24;
  for (let i = 0; i < length; i++) {
    const unit = key.charCodeAt(i);
    all |= unit;
    if (i < 4) first |= unit << (i * 8);
    else if (i < 8) second |= unit << (i * 8);
    else third |= unit << (i * 8);
  }
  return all < 0x100 || (length <= SHORT_WIDE && packWide(key));
}

function packWide(key: string): true {
  first = key.charCodeAt(0) | (key.charCodeAt(1) << 16);
  second = key.charCodeAt(2) | (key.charCodeAt(3) << 16);
  // What is not there is NaN, and so 0.
  third = key.charCodeAt(4) | (key.length << 24) | WIDE;
  return true;
}
