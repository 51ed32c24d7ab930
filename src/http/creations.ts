/** How many sessions an address may start within a minute: a bucket for each, which fills steadily. @module */

import type { Clock } from "../clock.ts";
import { SluiceError } from "../errors.ts";
import type { Limits } from "../limits.ts";

const MINUTE_MS = 60_000;

/** What an address had left when it was last looked at, on the monotonic clock. */
interface Bucket {
  /** In ms, of which a minute has as many as it takes to be full. */
  readonly left: number;
  readonly at: number;
}

/** The addresses of the last minute. */
export class Creations {
  readonly #clock: Clock;
  readonly #limits: () => Limits;
  /** The one that was seen the longest ago in front. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock, limits: () => Limits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Addresses that are remembered. */
  get addresses(): number {
    this.#sweep();
    return this.#buckets.size;
  }

  /** Counts one more session of an address, or refuses it. */
  take(address: string): void {
    this.#sweep();
    const { maxCreationsPerMinute, maxAddresses } = this.#limits();
    const now = this.#clock.elapsed();
    const cost = MINUTE_MS / maxCreationsPerMinute;
    const { left, at } = this.#buckets.get(address) ?? { left: MINUTE_MS, at: now };
    const filled = Math.min(MINUTE_MS, left + now - at);
    if (filled < cost) throw tooMany(maxCreationsPerMinute, cost - filled);
    this.#buckets.delete(address);
    this.#buckets.set(address, { left: filled - cost, at: now });
    if (this.#buckets.size <= maxAddresses) return;
    const [oldest = ""] = this.#buckets.keys();
    this.#buckets.delete(oldest);
  }

  /** A bucket that nobody took from for a minute is full, as one that is not there. */
  #sweep(): void {
    const now = this.#clock.elapsed();
    for (const [address, { at }] of this.#buckets) {
      if (now - at < MINUTE_MS) return;
      this.#buckets.delete(address);
    }
  }
}

function tooMany(most: number, waitMs: number): SluiceError {
  const retryAfterS = Math.ceil(waitMs / 1000);
  const message = `Cannot start a session: this address has started its maxCreationsPerMinute of ${most}; the next may come in ${retryAfterS} s`;
  return new SluiceError("too_many_creations", message, { retryAfterS });
}
