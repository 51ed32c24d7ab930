/** Time by hand. @module */

import type { Cancel, Clock } from "../../src/clock.ts";

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** A clock that goes only when told. Between two timers everything that waits for a promise or for I/O gets its turn. */
export class ManualClock implements Clock {
  #wall: number;
  #elapsed = 0;
  #order = 0;
  readonly #timers = new Set<Timer>();

  /** `start`: the wall-clock time in ms since the Unix epoch. */
  constructor(start: number = Date.UTC(2026, 0, 21, 21, 25, 27)) {
    this.#wall = start;
  }

  now(): number {
    return this.#wall;
  }

  elapsed(): number {
    return this.#elapsed;
  }

  after(delayMs: number, run: () => void): Cancel {
    const timer = { at: this.#elapsed + Math.max(0, delayMs), order: this.#order++, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  at(time: number, run: () => void): Cancel {
    return this.after(time - this.#elapsed, run);
  }

  /** How many timers are set. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets `ms` pass, each timer firing at its time. */
  async advance(ms: number): Promise<void> {
    const target = this.#elapsed + ms;
    await settle();
    for (let timer = this.#due(target); timer !== undefined; timer = this.#due(target)) {
      this.#pass(Math.max(0, timer.at - this.#elapsed));
      this.#timers.delete(timer);
      timer.run();
      await settle();
    }
    this.#pass(target - this.#elapsed);
  }

  /** Lets `ms` pass with the process held up: what was due meanwhile fires after it. */
  async stall(ms: number): Promise<void> {
    this.#pass(ms);
    await this.advance(0);
  }

  /** Sets the wall clock on, or back, as an operator or NTP does. */
  jump(ms: number): void {
    this.#wall += ms;
  }

  #pass(ms: number): void {
    this.#wall += ms;
    this.#elapsed += ms;
  }

  #due(target: number): Timer | undefined {
    return [...this.#timers].filter((timer) => timer.at <= target).sort((a, b) => a.at - b.at || a.order - b.order)[0];
  }
}

/** Lets all that is ready to run do so. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
