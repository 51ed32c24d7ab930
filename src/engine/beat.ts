/** One interval's batch times, for all who have that interval: they are told one after the other, at one time. @module */

import { doUntil, type Clock } from "../clock.ts";
import { Appointment, timetableOf, type Timetable } from "../timetable.ts";
import { Preparation, type Preparing } from "./preparation.ts";

/** Shorter intervals are not worth the busy wait that exactness costs. */
const EXACT_FROM_MS = 1000;
/** Who joins a beat must agree with it on the wall clock so far. */
const SAME_TIME_MS = 1000;

/** Fewer are told so quickly that there is no need to prepare. */
const PREPARE_FROM_MEMBERS = 64;
/** So long at once, so that input and output have their turn. */
const SETTLE_SLICE_MS = 2;

/** When it is, as a beat believes. */
export interface Moment {
  /** What is due now is at this time or before it, in ms since the Unix epoch. */
  readonly now: number;
  /** Wall-clock time less monotonic time, as believed when that was due. */
  readonly offset: number;
  /** The wall clock was set on: this is the next multiple of the interval after what it says. */
  readonly resumeAt: number | null;
}

/** Who is told. */
export interface Beaten extends Preparing {
  /** Its next batch time. */
  readonly next: number;
  /** It is told before those who do not ask for that. */
  readonly comesFirst: boolean;
  wake(moment: Moment): void;
  /** All have been woken: does what could wait for that, and for some turns of the event loop. */
  settle(): void;
}

/**
 * Runs on the monotonic clock and takes its bearings from the wall clock at each beat: small differences are followed, a
 * jump forward leads to the next multiple after it, a jump back is ignored until the wall clock has caught up.
 */
export class Beat {
  readonly #clock: Clock;
  readonly #timetable: Timetable;
  readonly #intervalMs: number;
  readonly #appointment: Appointment;
  readonly #preparation: Preparation<Beaten>;
  readonly #settling: Appointment;
  readonly #first = new Set<Beaten>();
  readonly #others = new Set<Beaten>();
  /** What could wait, of those for whom it has not been done. */
  #unsettled: Iterator<void> = [].values();
  /** The earliest time of a member. */
  #next = Infinity;
  /** Wall-clock time less monotonic time, as believed. */
  #offset: number;

  constructor(clock: Clock, intervalMs: number) {
    this.#clock = clock;
    this.#timetable = timetableOf(clock);
    this.#intervalMs = intervalMs;
    this.#offset = this.#measured();
    this.#appointment = new Appointment(() => this.#wake(), intervalMs >= EXACT_FROM_MS);
    this.#preparation = new Preparation(clock, intervalMs);
    this.#settling = new Appointment(() => this.#settle());
  }

  /** The first multiple of the interval that is later than now. */
  nextMultiple(): number {
    return (Math.floor(this.#now() / this.#intervalMs) + 1) * this.#intervalMs;
  }

  /** Whether the wall clock says what is believed here, and somebody goes by it. */
  get isInStep(): boolean {
    const skew = Math.abs(this.#measured() - this.#offset);
    return this.#size > 0 && skew <= Math.min(SAME_TIME_MS, this.#intervalMs / 2);
  }

  /** Tells it from now on; one that is told already, in the place it wants now. */
  join(member: Beaten): void {
    const [group, other] = member.comesFirst ? [this.#first, this.#others] : [this.#others, this.#first];
    other.delete(member);
    group.add(member);
    this.#next = Math.min(this.#next, member.next);
    this.#arm();
  }

  leave(member: Beaten): void {
    this.#first.delete(member);
    this.#others.delete(member);
    if (this.#size > 0) return;
    this.#next = Infinity;
    this.#preparation.cancel();
    this.#timetable.unset(this.#appointment);
    this.#timetable.unset(this.#settling);
  }

  get #size(): number {
    return this.#first.size + this.#others.size;
  }

  *#members(): Generator<Beaten, void, void> {
    yield* this.#first;
    yield* this.#others;
  }

  #arm(): void {
    if (this.#size === 0) return;
    const at = this.#next - this.#offset;
    this.#timetable.set(this.#appointment, at);
    if (this.#size >= PREPARE_FROM_MEMBERS) this.#preparation.before(at, this.#members());
  }

  #settle(): void {
    const end = this.#clock.elapsed() + SETTLE_SLICE_MS;
    if (!doUntil(this.#clock, end, this.#unsettled)) this.#timetable.set(this.#settling, end);
  }

  *#settled(): Generator<void, void, void> {
    for (const member of this.#members()) yield member.settle();
  }

  #wake(): void {
    const now = this.#now();
    const offset = this.#offset;
    const resumeAt = this.#takeBearings() ? this.nextMultiple() : null;
    const moment: Moment = { now, offset, resumeAt };
    wakeAll(this.#first, moment);
    wakeAll(this.#preparation.give(now, offset), moment);
    wakeAll(this.#others, moment);
    let next = Infinity;
    for (const member of this.#members()) next = Math.min(next, member.next);
    this.#next = next;
    this.#arm();
    this.#unsettled = this.#settled();
    this.#settle();
  }

  /** Follows the wall clock; true where it has jumped forward. */
  #takeBearings(): boolean {
    const skew = this.#measured() - this.#offset;
    // The wall clock is read in whole ms: it is up to one later than it says.
    if (skew > 0 || (skew < -1 && skew >= -this.#intervalMs / 2)) this.#offset += skew;
    return skew > this.#intervalMs / 2;
  }

  #measured(): number {
    return this.#clock.now() - this.#clock.elapsed();
  }

  #now(): number {
    return this.#clock.elapsed() + this.#offset;
  }
}

function wakeAll(members: Iterable<Beaten>, moment: Moment): void {
  for (const member of members) if (member.next <= moment.now) member.wake(moment);
}

const beats = new WeakMap<Clock, Map<number, Beat>>();

/** The beat of an interval; another one than before, where the wall clock has been set since that began. */
export function beatOf(clock: Clock, intervalMs: number): Beat {
  const byInterval = beats.get(clock) ?? new Map<number, Beat>();
  beats.set(clock, byInterval);
  const there = byInterval.get(intervalMs);
  if (there?.isInStep === true) return there;
  for (const [interval, beat] of byInterval) if (!beat.isInStep) byInterval.delete(interval);
  const made = new Beat(clock, intervalMs);
  byInterval.set(intervalMs, made);
  return made;
}
