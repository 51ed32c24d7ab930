/** A batch as it is if nothing more comes before its time. @module */

import type { Clock } from "../clock.ts";

/** What an output would do with it. */
export interface PreparedOutput {
  /** Does it; a promise it returns is awaited before the next batch. Both times as in `MicroBatch`. */
  commit(times: { readonly schedulingMs: number; readonly startedAt: number }): unknown;
  /** Does what of it can wait until the batches of all contexts have been given out. Where something comes before, it is done first. */
  settle?(): void;
}

/** For which batch time it is made ready; given out after `lateFrom`, on the monotonic clock in ms, it would be a late one. */
export interface Ahead {
  readonly time: number;
  readonly lateFrom: number;
}

/** What an output did: what it returned, or threw. */
export type Outcome = { readonly result: unknown } | { readonly failure: unknown };

/**
 * All that giving it out needs is here. Of thousands of contexts nothing else is touched at a batch time before all such batches
 * have been given out: their objects have not been for seconds, so each costs the time of a cache miss.
 */
export class ReadyBatch {
  /** Nothing has come since it was made ready. */
  isCurrent = true;
  /** Undefined until it is given out. */
  outcome: Outcome | undefined;
  readonly time: number;
  readonly #lateFrom: number;
  readonly #prepared: PreparedOutput | undefined;
  readonly #clock: Clock;

  /** Undefined is prepared where nothing can be, as long as nothing more comes. */
  constructor({ time, lateFrom }: Ahead, prepared: PreparedOutput | undefined, clock: Clock) {
    this.time = time;
    this.#lateFrom = lateFrom;
    this.#prepared = prepared;
    this.#clock = clock;
  }

  /** Gives it out if its time has come and it is still what it is to be; `offset` is wall-clock time less monotonic time. */
  give(now: number, offset: number): void {
    if (!this.isCurrent || this.#prepared === undefined || this.outcome !== undefined || this.time > now) return;
    const startedAt = this.#clock.elapsed();
    if (startedAt > this.#lateFrom) return;
    try {
      const schedulingMs = startedAt + offset - this.time;
      this.outcome = { result: this.#prepared.commit({ schedulingMs, startedAt }) };
    } catch (failure) {
      this.outcome = { failure };
    }
  }

  /** Does what of it could wait. */
  settle(): void {
    this.#prepared?.settle?.();
  }
}
