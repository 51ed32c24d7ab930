/** Chances that can be had again. @module */

import { seededRandom } from "../support/seeded_random.ts";

/** Draws from one seed. */
export class Random {
  readonly #draw: () => number;

  constructor(seed: number) {
    this.#draw = seededRandom(seed);
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.#draw() < probability;
  }

  /** A whole number from 0 to `below` - 1. */
  below(below: number): number {
    return Math.floor(this.#draw() * below);
  }

  pick<T>(from: readonly T[]): T {
    const picked = from[this.below(from.length)];
    if (picked === undefined) throw new RangeError("Cannot pick from nothing");
    return picked;
  }
}
