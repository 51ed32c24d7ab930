/** What the members of a beat make ready before their batch time, and how it is given out at that time. @module */

import { doUntil, type Clock } from "../clock.ts";
import { Appointment, timetableOf, type Timetable } from "../timetable.ts";
import type { ReadyBatch } from "./ready_batch.ts";

/** How long before a time they are asked first, at the most a quarter of an interval, and then again, as more may have come. */
const BEFORE_MS = 500;
const AGAIN_MS = 10;
/** So long at once, so that input and output have their turn; never so shortly before a time. */
const SLICE_MS = 2;
const QUIET_MS = 4;

/** Who makes batches ready. */
export interface Preparing {
  /** Does ahead what it can; gives the batch it has made ready, where that is a new one. */
  prepare(): ReadyBatch | undefined;
}

/** One batch time after the other, of members of one kind. */
export class Preparation<M extends Preparing> {
  readonly #clock: Clock;
  readonly #timetable: Timetable;
  readonly #appointment: Appointment = new Appointment(() => this.#run());
  readonly #beforeMs: number;
  /** When the batch time is, on the monotonic clock in ms. */
  #at = 0;
  /** Asks those who are still to be asked in this round: in the first all, then those for whom something has come since. */
  #asking: Iterator<void> = [].values();
  /** What was made ready, and whose each is. */
  #ready: ReadyBatch[] = [];
  #readyOf: M[] = [];

  constructor(clock: Clock, intervalMs: number) {
    this.#clock = clock;
    this.#timetable = timetableOf(clock);
    this.#beforeMs = Math.min(BEFORE_MS, intervalMs / 4);
  }

  /** Has them asked before `at`, on the monotonic clock in ms; when that is being done already, only the time is new. */
  before(at: number, members: Iterable<M>): void {
    this.#at = at;
    if (this.#appointment.place !== -1) return;
    this.#asking = this.#asked(members);
    this.#timetable.set(this.#appointment, at - this.#beforeMs);
  }

  /** Gives out what is ready, and is that still; tells whose is not. `offset` is wall-clock time less monotonic time. */
  give(now: number, offset: number): M[] {
    this.#timetable.unset(this.#appointment);
    const [ready, readyOf] = [this.#ready, this.#readyOf];
    [this.#ready, this.#readyOf] = [[], []];
    for (const each of ready) each.give(now, offset);
    return readyOf.filter((_, place) => ready[place]?.outcome === undefined);
  }

  cancel(): void {
    this.#timetable.unset(this.#appointment);
    [this.#ready, this.#readyOf] = [[], []];
  }

  #run(): void {
    const end = Math.min(this.#clock.elapsed() + SLICE_MS, this.#at - QUIET_MS);
    const isThrough = doUntil(this.#clock, end, this.#asking);
    if (isThrough) this.#asking = this.#asked(this.#outdated());
    const again = this.#clock.elapsed() + (isThrough ? AGAIN_MS : 0);
    if (again < this.#at - QUIET_MS) this.#timetable.set(this.#appointment, again);
  }

  *#asked(members: Iterable<M>): Generator<void, void, void> {
    for (const member of members) {
      const ready = member.prepare();
      if (ready !== undefined) {
        this.#ready.push(ready);
        this.#readyOf.push(member);
      }
      yield;
    }
  }

  /** Those for whom something has come since they made their batch ready, which is forgotten. */
  *#outdated(): Generator<M, void, void> {
    for (let place = this.#ready.length - 1; place >= 0; place--) {
      const member = this.#readyOf[place];
      if (member === undefined || this.#ready[place]?.isCurrent !== false) continue;
      removeAt(this.#ready, place);
      removeAt(this.#readyOf, place);
      yield member;
    }
  }
}

/** The last comes in its place. */
function removeAt(list: unknown[], place: number): void {
  const last = list.pop();
  if (place < list.length) list[place] = last;
}
