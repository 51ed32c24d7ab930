/** When the oldest batch of a log has to go. @module */

import type { Limits } from "../limits.ts";

/** The bounds of a log. */
export type HistoryLimits = Pick<Limits, "maxBatches" | "maxHistoryBytes" | "maxHistoryMs">;

/** What a log has: its size in bytes, and the ms from its oldest batch time to its newest. */
export interface History {
  readonly batches: number;
  readonly bytes: number;
  readonly ageMs: number;
}

/** Whether the oldest batch of a log has to go. */
export function isTooMuch({ batches, bytes, ageMs }: History, limits: HistoryLimits): boolean {
  return batches > limits.maxBatches || bytes > limits.maxHistoryBytes || ageMs > limits.maxHistoryMs;
}
