/** When lines are due. @module */

/** After a stall no more is made up for than what is due in this time; where that is less than a line, nothing. */
const BURST_MS = 500;
/** A line is due by so much of a line before its time, which is more than what is lost in rounding. */
const EARLY_LINES = 0.0001;

/**
 * So many lines a second, or Infinity: as many as are asked for. Each is due a fixed time after the first, not after the one
 * before, so that what timers and sockets are late does not add up. Times are of the monotonic clock.
 */
export class Pace {
  readonly #perMs: number;
  /** What is later than this has been through a stall. */
  readonly #lateMs: number;
  /** When the first of {@link #said} was due. */
  #from = 0;
  #said = 0;

  constructor(perSecond: number) {
    this.#perMs = perSecond / 1000;
    this.#lateMs = Math.max(BURST_MS, 1 / this.#perMs);
  }

  /** When the next line is due. */
  get nextAt(): number {
    return this.#from + this.#said / this.#perMs;
  }

  /** Begins, again if need be: nothing is late, the next line is due now, or later if its time has not come. */
  resume(now: number): void {
    if (this.nextAt < now) this.#restart(now);
  }

  /** How many lines are due, of which none is said yet. */
  due(now: number): number {
    if (this.#perMs === Infinity) return Infinity;
    if (now - this.nextAt > this.#lateMs) this.#restart(now - BURST_MS);
    return Math.max(0, Math.floor((now - this.#from) * this.#perMs + EARLY_LINES) + 1 - this.#said);
  }

  said(lines: number): void {
    this.#said += lines;
  }

  #restart(from: number): void {
    this.#from = from;
    this.#said = 0;
  }
}
