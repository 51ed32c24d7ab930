/** When batches are cut: at multiples of the interval since the Unix epoch, as Spark's. @module */

import type { Clock } from "../clock.ts";
import { beatOf, type Beat, type Beaten, type Moment } from "./beat.ts";
import type { Ahead, ReadyBatch } from "./ready_batch.ts";

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

/** A batch time, and when that was on the monotonic clock, in ms. */
export interface DueTick extends Tick {
  readonly dueAt: number;
}

/**
 * What is done with the batch times a stall made the process miss: `fire` gives each its own batch at once, back to back,
 * as Spark's RecurringTimer does; `merge` cuts one late batch for all.
 */
export type MissedTicks = "fire" | "merge";

/** What is done at a tick. */
type Fire = (tick: DueTick) => void;

/** What is done before a batch time, perhaps several times, perhaps never, and after it, when all contexts have had theirs. */
interface Early {
  prepare(ahead: Ahead): ReadyBatch | undefined;
  /** Whether the next batch has been given out. */
  readonly isGiven: boolean;
  settle(): void;
  drop(): void;
}

/** How a ticker begins. */
interface Beginning {
  /** In ms since the Unix epoch. */
  readonly lastTime?: number | undefined;
  /** The time after the last one may have passed by now, and is to come all the same. */
  readonly missesNone?: boolean;
  readonly early?: Early | undefined;
}

/** The batch times of one context. All contexts of an interval are told by one {@link Beat}. */
export class Ticker implements Beaten {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #missedTicks: MissedTicks;
  #comesFirst = false;
  #fire: Fire | undefined;
  #early: Early | undefined;
  #beat: Beat | undefined;
  #next = 0;
  #lastCut = 0;

  constructor(clock: Clock, intervalMs: number, missedTicks: MissedTicks) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#missedTicks = missedTicks;
  }

  /** The next batch time in ms since the Unix epoch. */
  get next(): number {
    return this.#next;
  }

  /** At a time that others have as well, this one's turn is before theirs. */
  get comesFirst(): boolean {
    return this.#comesFirst;
  }

  set comesFirst(isSo: boolean) {
    if (isSo === this.#comesFirst) return;
    this.#comesFirst = isSo;
    if (this.#fire !== undefined) this.#beat?.join(this);
  }

  /** The first batch time is the next multiple; after `lastTime`, where there were others before, and the one right after it where none is to be missed. */
  start(fire: Fire, { lastTime = 0, missesNone = false, early }: Beginning = {}): void {
    this.#fire = fire;
    this.#early = early;
    this.#lastCut = this.#clock.elapsed();
    this.#beat = beatOf(this.#clock, this.#intervalMs);
    const following = lastTime + this.#intervalMs;
    this.#next = missesNone ? following : Math.max(this.#beat.nextMultiple(), following);
    this.#beat.join(this);
  }

  /** Ends the ticking; gives the batch time of what has come since the last one, and how long that is. */
  stop(): DueTick {
    this.#fire = undefined;
    this.#beat?.leave(this);
    this.#early?.drop();
    const dueAt = this.#clock.elapsed();
    return { time: this.#next, intervalMs: this.#sinceLastCut(), late: false, missedTicks: 0, dueAt };
  }

  /** Called by the beat before {@link next} is due. */
  prepare(): ReadyBatch | undefined {
    if (this.#fire === undefined) return undefined;
    const isMerging = this.#missedTicks === "merge";
    const lateFrom = isMerging ? this.#lastCut + LATE_AFTER_INTERVALS * this.#intervalMs : Infinity;
    return this.#early?.prepare({ time: this.#next, lateFrom });
  }

  /** Called by the beat when all have been woken. */
  settle(): void {
    this.#early?.settle();
  }

  /** Called by the beat when {@link next} is due. */
  wake(moment: Moment): void {
    if (this.#missedTicks === "merge") {
      this.#fireOne(moment);
      return;
    }
    while (this.#fire !== undefined && this.#next <= moment.now) {
      this.#cut({ time: this.#next, intervalMs: this.#intervalMs, late: false, missedTicks: 0 }, moment);
    }
  }

  #fireOne(moment: Moment): void {
    const intervalMs = this.#intervalMs;
    const length = this.#sinceLastCut();
    if (this.#early?.isGiven === true || length <= LATE_AFTER_INTERVALS * intervalMs) {
      this.#cut({ time: this.#next, intervalMs, late: false, missedTicks: 0 }, moment);
      return;
    }
    const time = Math.max(this.#next, Math.floor(moment.now / intervalMs) * intervalMs);
    const missedTicks = (time - this.#next) / intervalMs;
    this.#cut({ time, intervalMs: length, late: true, missedTicks }, moment);
  }

  /** The next batch is one interval on, or where the wall clock has gone to. */
  #cut({ time, intervalMs, late, missedTicks }: Tick, { offset, resumeAt }: Moment): void {
    this.#lastCut = this.#clock.elapsed();
    this.#next = Math.max(time + this.#intervalMs, resumeAt ?? 0);
    this.#fire?.({ time, intervalMs, late, missedTicks, dueAt: time - offset });
  }

  #sinceLastCut(): number {
    return Math.round(this.#clock.elapsed() - this.#lastCut);
  }
}
