/** Every bound of a session, with its name, its default and what happens at it. @module */

/** What is bounded. A line each: the consequence of reaching it. */
export interface Limits {
  /** Sessions that are not over; one more is refused. */
  readonly maxSessions: number;
  /** Sessions that are over and kept for reading; the one that ended first is forgotten for one more. */
  readonly maxFinishedSessions: number;
  /** Followers of one session; one more is refused. */
  readonly maxFollowers: number;
  /** Batches kept of a session; the oldest goes, and `tail` says so. */
  readonly maxBatches: number;
  /** Bytes of memory of the batches kept of a session; the oldest goes, but never the newest. */
  readonly maxHistoryBytes: number;
  /** Age of a session's batches in ms, from its newest one; older ones go, but never the newest. */
  readonly maxHistoryMs: number;
  /** Bytes of a line; the rest of it is cut and counted in `dropped`. */
  readonly maxLineLength: number;
  /** Distinct words of an interval; new ones past it are counted in `otherWords`. */
  readonly maxWords: number;
  /** Bytes of an interval's distinct words; new ones past it are counted in `otherWords`. */
  readonly maxWordBytes: number;
}

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

export const DEFAULT_LIMITS: Limits = {
  maxSessions: 64,
  maxFinishedSessions: 64,
  maxFollowers: 20_000,
  maxBatches: 1000,
  maxHistoryBytes: 64 * 1024 * 1024,
  maxHistoryMs: 7 * 24 * 3_600_000,
  maxLineLength: 1024 * 1024,
  maxWords: 1_000_000,
  maxWordBytes: 64 * 1024 * 1024,
};
