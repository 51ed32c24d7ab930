/** Gathers what is to be kept into groups, one sync for each; what cannot be kept is tried again. @module */

import { inNextTurn, sleep, type Cancel, type Clock } from "../../clock.ts";
import { messageOf } from "../../errors.ts";
import { Histogram } from "../../sessions/mod.ts";
import type { Write, Writer } from "./rows.ts";

/** Who come first need not wait for thousands: so many are a group of their own, which is kept while others are still asked for. */
const FIRST_GROUP = 2000;
/** Between two tries to keep what could not be kept, in ms. */
const RETRY_MS = 500;

interface Waiting {
  readonly write: Write;
  readonly kept: () => void;
  /** On the monotonic clock, in ms. */
  readonly addedAt: number;
}

/**
 * All that is asked for in one turn, as the batches of all sessions at a batch time are, is one group, or two where it is
 * much; what is asked for while a group is being kept is the next. Order is kept. Nothing is given up while this is open.
 */
export class GroupCommit {
  /** From a batch's {@link add} until it is kept. */
  readonly durations: Histogram = new Histogram();
  readonly #writer: Writer;
  readonly #clock: Clock;
  readonly #watchers = new Set<() => void>();
  #waiting: Waiting[] = [];
  /** The group that is being kept. */
  #group: readonly Waiting[] = [];
  #running: Promise<void> | undefined;
  /** What is asked for in this turn is being gathered. */
  #isGathering = false;
  /** A first group that was not waited for the end of its turn with: whether it could be kept. */
  #first: Promise<boolean> | undefined;
  #trouble: string | null = null;
  #isClosing = false;

  constructor(writer: Writer, clock: Clock) {
    this.#writer = writer;
    this.#clock = clock;
  }

  /** Why nothing can be kept for now, in words, or null. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** Changes that are not kept yet. */
  get pending(): number {
    return this.#waiting.length + this.#group.length;
  }

  /** Called when {@link trouble} has changed. */
  watch(changed: () => void): Cancel {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  }

  /** Resolves when it is on the disk; never, when this is closed before it could be. */
  add(write: Write): Promise<void> {
    return new Promise((kept) => {
      this.#waiting.push({ write, kept, addedAt: this.#clock.elapsed() });
      this.#running ??= this.#run();
      if (!this.#isGathering || this.#waiting.length < FIRST_GROUP) return;
      this.#isGathering = false;
      this.#first = this.#keepWaiting();
    });
  }

  /** Keeps what waits; what cannot be kept at once now is given up. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#running;
    await this.#writer.close();
  }

  async #run(): Promise<void> {
    this.#isGathering = true;
    await new Promise<void>((resolve) => {
      inNextTurn(resolve);
    });
    this.#isGathering = false;
    while (this.#first !== undefined || this.#waiting.length > 0) {
      const keeping = this.#first ?? this.#keepWaiting();
      this.#first = undefined;
      const isKept = await keeping;
      const group = this.#group;
      this.#group = [];
      if (isKept) {
        this.#measure(group);
        for (const { kept } of group) kept();
        // Those who wait for it go on, and may have more, before the next group is made.
        await Promise.resolve();
        continue;
      }
      this.#waiting = [...group, ...this.#waiting];
      if (this.#isClosing) break;
      await sleep(this.#clock, RETRY_MS);
    }
    this.#running = undefined;
  }

  /** All that waits is a group from now on; whether it could be kept. */
  #keepWaiting(): Promise<boolean> {
    const group = this.#waiting;
    this.#waiting = [];
    this.#group = group;
    return this.#keep(group);
  }

  #measure(group: readonly Waiting[]): void {
    const now = this.#clock.elapsed();
    for (const { write, addedAt } of group) if (write.type === "batch") this.durations.record(now - addedAt);
  }

  async #keep(group: readonly Waiting[]): Promise<boolean> {
    try {
      await this.#writer.commit(group.map(({ write }) => write));
      this.#setTrouble(null);
      return true;
    } catch (failure) {
      this.#setTrouble(`Cannot keep batches: ${messageOf(failure)}; next try in ${RETRY_MS / 1000} s`);
      return false;
    }
  }

  #setTrouble(trouble: string | null): void {
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    for (const changed of this.#watchers) changed();
  }
}
