/** What the service sends. @module */

/** The events of a stream; `head` is but a sign of life. */
export const EVENTS = ["hello", "state", "batch", "gap", "head", "end", "error"];

/**
 * A session, as the service shows it.
 * @typedef {{
 *   id: string, name: string | null, state: string, lastError: string | null, endReason: string | null,
 *   source: Source, pipeline: { separator: string }, batchIntervalMs: number, durationMs: number | null,
 *   createdAt: string, nextBatchAt: string | null, head: string | null, tail: string | null, followers: number,
 *   latest: Latest | null, total: Totals,
 * }} Session
 */

/**
 * @typedef {{
 *   type: string, connected: boolean, lastError: string | null, host?: string, port?: number,
 *   file?: string, lines?: number, intervalMs?: number, seed?: number,
 * }} Source
 */

/** @typedef {{ time: string, intervalMs: number, lines: number, words: number, delays: Delays }} Latest */
/** @typedef {{ schedulingMs: number, processingMs: number, totalMs: number }} Delays */
/** @typedef {{ batches: number, lines: number, words: number, bytes: number, sourceGaps: number }} Totals */

/**
 * A batch. Its counts are pairs, the most frequent word first, as a word may be `__proto__`.
 * @typedef {{
 *   cursor: string, epoch: string, seq: number, time: string, intervalMs: number,
 *   partial: boolean, final: boolean, late: boolean, missedTicks: number,
 *   lines: number, words: number, bytes: number, distinct: number, otherWords: number,
 *   dropped: { lines: number, bytes: number }, total: Totals, sourceGap: { count: number, downMs: number } | null,
 *   counts: [word: string, count: number][], more: number, delays: Delays,
 * }} Batch
 */

/**
 * @typedef {{ status: string, reason: string | null, asked: string | null, from: string, now: string }} Hello
 */
/** @typedef {{ state: string, connected: boolean, lastError: string | null }} State */
/** @typedef {{ from: string, to: string, batches: number }} Gap */
/** @typedef {{ reason: string | null, state: string, discarded: { lines: number, bytes: number } | null }} End */

/**
 * The number in a cursor, 0 where there is none.
 * @param {string | null} cursor
 */
export function seqOf(cursor) {
  return Number(cursor?.slice(cursor.lastIndexOf(":") + 1) ?? 0);
}
