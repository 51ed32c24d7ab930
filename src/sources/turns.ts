/** Shares each turn of the event loop among the sockets that bring more than can be counted at once. @module */

import { inNextTurn } from "../clock.ts";

/** How long the reading of such sockets may hold a turn, all together, in ms. One read more than that may have begun. */
const TURN_MS = 6;
/** How many of them read in one turn; the others wait for theirs. */
const MOST_ABREAST = 8;

/**
 * The order in which heavy sockets read. Without, the system's loop reads one socket up to 32 times in a turn, and all of them in
 * each: with a few the loop is held for seconds. One that has used its share stops reading, so TCP holds its sender, and goes on in
 * a later turn, when timers and everybody else have had theirs; those that wait are served in the order they came.
 */
export class ReadingTurns {
  readonly #waiting: (() => void)[] = [];
  #abreast = 1;
  #isArmed = false;

  /** Whether a socket whose reads took `spentMs` since it was last let read may read on; else `resume` is called when it may. */
  mayReadOn(spentMs: number, resume: () => void): boolean {
    if (spentMs < TURN_MS / this.#abreast) return true;
    this.#waiting.push(resume);
    this.#arm();
    return false;
  }

  #arm(): void {
    if (this.#isArmed) return;
    this.#isArmed = true;
    inNextTurn(() => this.#next());
  }

  #next(): void {
    this.#isArmed = false;
    const next = this.#waiting.splice(0, MOST_ABREAST);
    this.#abreast = next.length;
    for (const resume of next) resume();
    if (this.#waiting.length > 0) this.#arm();
  }
}
