/** What a fuzzer draws from seeded chances. @module */

import { seededRandom } from "../support/seeded_random.ts";

/** Draws by a seed. */
export class Chance {
  readonly number: () => number;

  constructor(seed: number) {
    this.number = seededRandom(seed);
  }

  /** A whole number from 0 to below `most`. */
  below(most: number): number {
    return Math.floor(this.number() * most);
  }

  /** True in so many of a hundred cases. */
  percent(share: number): boolean {
    return this.number() * 100 < share;
  }

  /** One of them. */
  pick<T>(all: readonly T[]): T {
    return all[this.below(all.length)]!;
  }

  /** A length that is mostly small, at times large. */
  length(most: number): number {
    return Math.floor(most ** this.number());
  }

  /** Bytes of any value. */
  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }

  /** The same bytes with something wrong: one changed, lost, put in or said twice, or an end that is missing. */
  mutated(bytes: Buffer): Buffer {
    const at = this.below(bytes.length);
    const to = Math.min(bytes.length, at + 1 + this.length(16));
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
    return this.pick([
      () => Buffer.concat([before, Buffer.of(this.below(256)), after.subarray(1)]),
      () => Buffer.concat([before, bytes.subarray(to)]),
      () => Buffer.concat([before, this.bytes(1 + this.length(16)), after]),
      () => Buffer.concat([before, bytes.subarray(at, to), after]),
      () => Buffer.from(before),
    ])();
  }

  /** The bytes in pieces, cut at some places. */
  pieces(bytes: Buffer, most: number): Buffer[] {
    const cuts = Array.from({ length: this.below(most) }, () => this.below(bytes.length + 1)).sort((a, b) => a - b);
    return [...cuts, bytes.length].map((cut, i) => bytes.subarray(cuts[i - 1] ?? 0, cut));
  }
}

/** Bytes as a test's failure shows them: one line of ASCII. */
export function shown(bytes: Buffer, most: number = 4000): string {
  const text = JSON.stringify(bytes.subarray(0, most).toString("latin1"));
  return bytes.length > most ? `${text} and ${bytes.length - most} bytes more` : text;
}
