/** What a session needs of the place its batches are kept in. `storage/` has the places. @module */

import type { Cancel } from "../clock.ts";
import type { Batch, Cut, Totals } from "./batch.ts";

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
  /**
   * Numbers and keeps a batch; resolves when it is as safe as this log makes it. One of many words takes several turns of the
   * event loop: the next is to be appended when this has resolved.
   */
  append(cut: Cut): Promise<Batch>;
  /** A batch kept, or undefined. */
  read(seq: number): Batch | undefined;
  /** Called after each append. */
  onAppend(listener: () => void): Cancel;
}
