/** How long a reader has been behind its sender. @module */

/** The share is of the last 5 to 10 s. */
const WINDOW_MS = 5000;

interface Mark {
  readonly at: number;
  readonly behindMs: number;
}

/**
 * A reader is behind from a read that left bytes waiting to one that took all there were. Meanwhile the system's buffer fills, and
 * TCP holds the sender. Times are of the monotonic clock, in ms.
 */
export class Backpressure {
  /** When the last read was. */
  readAt = 0;
  #behindSince: number | undefined;
  #behindMs = 0;
  /** Where the share is measured from, and where it will be. */
  #from: Mark;
  #next: Mark;

  constructor(now: number) {
    this.#from = { at: now, behindMs: 0 };
    this.#next = this.#from;
  }

  /** A read is over: it left bytes waiting, or not. */
  read(now: number, isBehind: boolean): void {
    this.readAt = now;
    if (isBehind === (this.#behindSince !== undefined)) return;
    this.#behindMs = this.#totalMs(now);
    this.#behindSince = isBehind ? now : undefined;
    this.#mark(now);
  }

  /** How long it was behind since the start, in ms, and which share of the last seconds. */
  status(now: number): { readonly behindMs: number; readonly share: number } {
    this.#mark(now);
    const behindMs = this.#totalMs(now);
    const share = (behindMs - this.#from.behindMs) / Math.max(1, now - this.#from.at);
    return { behindMs: Math.round(behindMs), share: Math.round(share * 100) / 100 };
  }

  #totalMs(now: number): number {
    return this.#behindMs + (this.#behindSince === undefined ? 0 : now - this.#behindSince);
  }

  #mark(now: number): void {
    if (now - this.#next.at < WINDOW_MS) return;
    this.#from = this.#next;
    this.#next = { at: now, behindMs: this.#totalMs(now) };
  }
}
