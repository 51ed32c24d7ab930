/** When batches are cut: at multiples of the interval since the Unix epoch, as Spark's. @module */

import type { Cancel, Clock } from "../clock.ts";

/** After a stall longer than this many intervals a batch is `late`. */
const LATE_AFTER_INTERVALS = 1.5;

/** One batch time. */
export interface Tick {
  /** Batch time, the end of the interval, in ms since the Unix epoch; strictly increasing. */
  readonly time: number;
  /** The interval in ms; for a late or a partial one the length measured. */
  readonly intervalMs: number;
  /** The process was held up for more than 1.5 intervals before this batch. */
  readonly late: boolean;
  /** Batch times that passed without a batch of their own. */
  readonly missedTicks: number;
}

/**
 * What is done with the batch times a stall made the process miss: `fire` gives each its own batch at once, back to back,
 * as Spark's RecurringTimer does; `merge` cuts one late batch for all.
 */
export type MissedTicks = "fire" | "merge";

/**
 * Runs on the monotonic clock and takes its bearings from the wall clock at each tick: small differences are followed, a
 * jump forward leads to the next multiple after it, a jump back is ignored until the wall clock has caught up.
 */
export class Ticker {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #missedTicks: MissedTicks;
  #fire: (tick: Tick) => void = () => {};
  #cancel: Cancel = () => {};
  #next = 0;
  /** Wall-clock time less monotonic time, as believed. */
  #offset = 0;
  #lastCut = 0;
  #running = false;

  constructor(clock: Clock, intervalMs: number, missedTicks: MissedTicks) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#missedTicks = missedTicks;
  }

  /** The next batch time in ms since the Unix epoch. */
  get next(): number {
    return this.#next;
  }

  /** The first batch time is the next multiple; after `lastTime`, where there were others before. */
  start(fire: (tick: Tick) => void, lastTime: number = 0): void {
    this.#fire = fire;
    this.#running = true;
    this.#offset = this.#clock.now() - this.#clock.elapsed();
    this.#lastCut = this.#clock.elapsed();
    this.#next = Math.max(this.#multipleAfter(this.#time()), lastTime + this.#intervalMs);
    this.#arm();
  }

  /** Ends the ticking; gives the batch time of what has come since the last one, and how long that is. */
  stop(): Tick {
    this.#running = false;
    this.#cancel();
    return { time: this.#next, intervalMs: this.#sinceLastCut(), late: false, missedTicks: 0 };
  }

  #arm(): void {
    if (!this.#running) return;
    this.#cancel = this.#clock.after(Math.max(0, this.#next - this.#time()), () => this.#wake());
  }

  #wake(): void {
    // A timer may fire a fraction of a millisecond early.
    if (this.#time() >= this.#next) {
      if (this.#missedTicks === "fire") this.#fireEach();
      else this.#fireOne();
    }
    this.#arm();
  }

  #fireEach(): void {
    const now = this.#time();
    while (this.#running && this.#next <= now) {
      const time = this.#next;
      this.#advance(time);
      this.#fire({ time, intervalMs: this.#intervalMs, late: false, missedTicks: 0 });
    }
  }

  #fireOne(): void {
    const length = this.#sinceLastCut();
    const late = length > LATE_AFTER_INTERVALS * this.#intervalMs;
    const time = late ? Math.max(this.#next, this.#multipleAfter(this.#time()) - this.#intervalMs) : this.#next;
    const missedTicks = (time - this.#next) / this.#intervalMs;
    this.#advance(time);
    this.#fire({ time, intervalMs: late ? length : this.#intervalMs, late, missedTicks });
  }

  /** The batch at `time` is being cut: the next is one interval on, or where the wall clock has gone to. */
  #advance(time: number): void {
    this.#lastCut = this.#clock.elapsed();
    const skew = this.#clock.now() - this.#time();
    const jumpedForward = skew > this.#intervalMs / 2;
    if (jumpedForward || Math.abs(skew) <= this.#intervalMs / 2) this.#offset += skew;
    this.#next = jumpedForward
      ? Math.max(time + this.#intervalMs, this.#multipleAfter(this.#time()))
      : time + this.#intervalMs;
  }

  #time(): number {
    return this.#clock.elapsed() + this.#offset;
  }

  #sinceLastCut(): number {
    return Math.round(this.#clock.elapsed() - this.#lastCut);
  }

  #multipleAfter(time: number): number {
    return (Math.floor(time / this.#intervalMs) + 1) * this.#intervalMs;
  }
}
