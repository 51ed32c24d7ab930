/** What is to be done and when, for everybody who has the same clock: on one timer. @module */

import type { Cancel, Clock } from "./clock.ts";

/** Something to be done at a time; the same one is set again and again. */
export class Appointment {
  /** On the monotonic clock, in ms. */
  at = 0;
  /** Its place in the timetable's heap, or -1. */
  place = -1;
  readonly run: () => void;
  /** Worth to be waited for busily at the end, which a timer's whole milliseconds are not exact enough for. */
  readonly isExact: boolean;

  constructor(run: () => void, isExact: boolean = false) {
    this.run = run;
    this.isExact = isExact;
  }
}

/** Appointments in order of time. Thousands of them cost one timer, and each change a few steps in a heap. */
export class Timetable {
  readonly #clock: Clock;
  /** No appointment is before the one at half its place. */
  readonly #heap: Appointment[] = [];
  /** The exact ones of them, which are few. */
  readonly #exact = new Set<Appointment>();
  #armedFor = Infinity;
  #cancel: Cancel = () => {};
  #isRunning = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Has it run once, at `at` on the monotonic clock; of an appointment that was set, this is the new time. */
  set(appointment: Appointment, at: number): void {
    if (appointment.isExact) this.#exact.add(appointment);
    const before = appointment.at;
    appointment.at = at;
    if (appointment.place === -1) appointment.place = this.#heap.push(appointment) - 1;
    else if (at > before) this.#sink(appointment);
    this.#rise(appointment);
    this.#arm();
  }

  /** It is not to be run after all. */
  unset(appointment: Appointment): void {
    if (appointment.place === -1) return;
    this.#remove(appointment);
    this.#arm();
  }

  /** Runs exact appointments that are due: for who is in the midst of much else, which a timer would wait for. */
  catchUp(): void {
    if (this.#exact.size === 0) return;
    const now = this.#clock.elapsed();
    for (const appointment of this.#exact) {
      if (appointment.at > now) continue;
      this.#remove(appointment);
      appointment.run();
    }
  }

  #runDue(): void {
    this.#isRunning = true;
    try {
      // What becomes due meanwhile waits for the next time, so that input and output have their turn.
      const now = this.#clock.elapsed();
      for (let next = this.#heap[0]; next !== undefined && next.at <= now; next = this.#heap[0]) {
        this.#remove(next);
        next.run();
      }
    } finally {
      this.#isRunning = false;
      this.#arm();
    }
  }

  #arm(): void {
    if (this.#isRunning) return;
    const next = this.#heap[0];
    const at = next?.at ?? Infinity;
    if (at === this.#armedFor) return;
    this.#cancel();
    this.#armedFor = at;
    if (next === undefined) return;
    const wake = (): void => {
      this.#armedFor = Infinity;
      this.#runDue();
    };
    this.#cancel = next.isExact ? this.#clock.at(at, wake) : this.#clock.after(at - this.#clock.elapsed(), wake);
  }

  #remove(appointment: Appointment): void {
    this.#exact.delete(appointment);
    const last = this.#heap.pop();
    const { place } = appointment;
    appointment.place = -1;
    if (last === undefined || last === appointment) return;
    last.place = place;
    this.#heap[place] = last;
    this.#sink(last);
    this.#rise(last);
  }

  #rise(appointment: Appointment): void {
    const heap = this.#heap;
    let { place } = appointment;
    while (place > 0) {
      const up = (place - 1) >> 1;
      const above = heap[up];
      if (above === undefined || above.at <= appointment.at) break;
      heap[place] = above;
      above.place = place;
      place = up;
    }
    heap[place] = appointment;
    appointment.place = place;
  }

  #sink(appointment: Appointment): void {
    const heap = this.#heap;
    let { place } = appointment;
    for (;;) {
      let down = 2 * place + 1;
      const right = heap[down + 1];
      let below = heap[down];
      if (right !== undefined && below !== undefined && right.at < below.at) {
        below = right;
        down++;
      }
      if (below === undefined || below.at >= appointment.at) break;
      heap[place] = below;
      below.place = place;
      place = down;
    }
    heap[place] = appointment;
    appointment.place = place;
  }
}

const timetables = new WeakMap<Clock, Timetable>();

/** The one timetable of a clock. */
export function timetableOf(clock: Clock): Timetable {
  const timetable = timetables.get(clock) ?? new Timetable(clock);
  timetables.set(clock, timetable);
  return timetable;
}
