/** What a session needs of the place its batches are kept in. `storage/` has the places. @module */

import type { Cancel } from "../clock.ts";
import type { Batch, Cut, Delays, Totals } from "./batch.ts";

/** A batch that could be appended at once. */
export interface PreparedBatch {
  /** As {@link BatchLog.append}, with the delays that were not known before. */
  append(delays: Delays): Promise<void> | undefined;
  /** Does what can wait a little after that; undefined: nothing does. */
  settle?(): void;
}

/**
 * The batches of one session, in order. Numbers start at 1 in an epoch and have no holes; old ones may be gone, and
 * `tail` says so. Only the log makes a {@link Batch}, so nothing can be sent that was not appended.
 */
export interface BatchLog {
  /** Names one life of the log. */
  readonly epoch: string;
  /** Number of the newest batch; 0 when there is none yet. */
  readonly head: number;
  /** Number of the oldest batch kept; `head + 1` when none is. */
  readonly tail: number;
  readonly total: Totals;
  /** What the batches kept take, as `maxHistoryBytes` counts it. */
  readonly bytes: number;
  /**
   * Numbers and keeps a batch, then tells followers; undefined when that is done, a promise of it where it takes time: to make
   * the batch as safe as this log makes it, or as its words are many. The next is to be appended when that has resolved.
   */
  append(cut: Cut): Promise<void> | undefined;
  /** Does what can be done ahead of an append. What it gives does the rest, as long as nothing else was appended. */
  prepare(cut: Cut): PreparedBatch;
  /** A batch kept, or undefined. */
  read(seq: number): Batch | undefined;
  /** Called after each append. */
  onAppend(listener: () => void): Cancel;
}
