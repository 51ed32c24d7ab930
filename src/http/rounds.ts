/** Brings all followers of a session up to its head, some in each turn of the event loop, and says how long that took. @module */

import type { Clock } from "../clock.ts";
import type { Histogram } from "../sessions/mod.ts";
import type { Follower } from "./follower.ts";
import { inTurns } from "./turns.ts";

/** Whose rounds they are. */
interface RoundsParts {
  readonly followers: ReadonlySet<Follower>;
  readonly clock: Pick<Clock, "elapsed">;
  /** By transport: from a commit until it was written to all who could be written to. */
  readonly durations: readonly Histogram[];
  /** Writes what there is for one of them. */
  readonly serve: (follower: Follower) => void;
}

/** One round at a time. The clock is asked once for each turn, not for each follower. */
export class Rounds {
  readonly #parts: RoundsParts;
  /** Whether a round goes on, and whether there is something newer than it began with. */
  #isGoing = false;
  #isBehind = false;
  /** When the oldest batch came that no round has begun with, and that of the last round. */
  #committedAt: number | undefined;
  #since = 0;
  /** Transports, a bit each: written to in this turn, and whose batch takes long to encode. */
  #wrote = 0;
  #putOff = 0;
  /** Nobody but the round's followers is written to now. */
  #isServing = false;
  /** When each transport was last written to in this round. */
  readonly #wroteAt: (number | undefined)[];

  constructor(parts: RoundsParts) {
    this.#parts = parts;
    this.#wroteAt = parts.durations.map(() => undefined);
  }

  /** There is a new batch for all; while a round goes on the next begins after it. */
  begin(): void {
    this.#committedAt ??= this.#parts.clock.elapsed();
    if (this.#isGoing) {
      this.#isBehind = true;
      return;
    }
    this.#isBehind = false;
    this.#since = this.#committedAt;
    this.#committedAt = undefined;
    this.#putOff = 0;
    this.#wroteAt.fill(undefined);
    this.#isGoing = true;
    const { followers, serve } = this.#parts;
    inTurns({
      // Who joins meanwhile has been served.
      followers: followers.values(),
      each: serve,
      begins: () => this.#turnBegins(),
      pauses: () => this.#turnOver(),
      done: () => this.#over(),
    });
  }

  /** A batch was written by this transport. */
  wrote(transport: number): void {
    this.#wrote |= 1 << transport;
  }

  /** It is not encoded yet. */
  putOff(transport: number): void {
    if (this.#isServing) this.#putOff |= 1 << transport;
  }

  /** What was put off has been written. */
  caughtUp(transport: number): void {
    if (((this.#putOff >> transport) & 1) === 0) return;
    this.#putOff &= ~(1 << transport);
    this.#parts.durations[transport]?.record(this.#parts.clock.elapsed() - this.#since);
  }

  #turnBegins(): void {
    this.#wrote = 0;
    this.#isServing = true;
  }

  #turnOver(): void {
    this.#isServing = false;
    if (this.#wrote === 0) return;
    const now = this.#parts.clock.elapsed();
    const { durations } = this.#parts;
    for (let transport = 0; transport < durations.length; transport++)
      if ((this.#wrote >> transport) & 1) this.#wroteAt[transport] = now;
  }

  #over(): void {
    this.#isGoing = false;
    const { durations } = this.#parts;
    for (let transport = 0; transport < durations.length; transport++) {
      const at = this.#wroteAt[transport];
      if (at !== undefined) durations[transport]?.record(at - this.#since);
    }
    if (this.#isBehind) this.begin();
  }
}
