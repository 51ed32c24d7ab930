/** What is said of batches and places in a log, as JSON objects: the same for SSE, WebSocket and plain JSON. @module */

import {
  formatCursor,
  ManyWords,
  type Batch,
  type BatchLog,
  type Beginning,
  type Cursor,
  type Gap,
  type Session,
} from "../sessions/mod.ts";
import type { Pieces } from "./pieces.ts";

/** Version of the objects of a stream. */
const PROTOCOL = 1;

/** Words a push carries when nobody asks for more or fewer. */
export const DEFAULT_TOP = 500;

/** With more words shown a batch is written in pieces. */
export const LONG_WORDS = 4096;
const NO_COUNTS = '"counts":[]';
const encoder = new TextEncoder();

/** A batch with its `top` most frequent words as JSON, after the fields of `before`; in pieces where it is long. */
export function batchText(batch: Batch, top: number, before: object = {}): string | Pieces {
  const { counts } = batch;
  if (counts instanceof ManyWords && Math.min(top, counts.size) > LONG_WORDS)
    return longText({ ...before, ...batchJson(batch, top, []) }, counts, top);
  return JSON.stringify({ ...before, ...batchJson(batch, top) });
}

function* longText(batch: object, counts: ManyWords, top: number): Pieces {
  const text = JSON.stringify(batch);
  // Within a string the quotes would be escaped.
  const at = text.indexOf(NO_COUNTS) + NO_COUNTS.length - 2;
  yield encoder.encode(text.slice(0, at));
  yield* counts.json(top);
  yield encoder.encode(text.slice(at + 2));
}

/** A batch with its `top` most frequent words, or those given; `more` says how many are left out. */
function batchJson(
  batch: Batch,
  top: number,
  shown: readonly (readonly [string, number])[] = batch.counts.top(top),
): object {
  const { epoch, seq, inc, intervalMs, partial, final, late, missedTicks, lines, words, bytes, otherWords } = batch;
  const { dropped, total, sourceGap, counts, delays, countsHash, prev, hash } = batch;
  return {
    cursor: formatCursor(epoch, seq),
    epoch,
    seq,
    inc,
    time: new Date(batch.time).toISOString(),
    intervalMs,
    partial,
    final,
    late,
    missedTicks,
    lines,
    words,
    bytes,
    distinct: counts.size,
    otherWords,
    dropped,
    total,
    sourceGap,
    counts: shown,
    more: Math.max(0, counts.size - top),
    delays: {
      schedulingMs: tenth(delays.schedulingMs),
      processingMs: tenth(delays.processingMs),
      totalMs: tenth(delays.totalMs),
    },
    countsHash,
    prev,
    hash,
  };
}

function tenth(ms: number): number {
  return Math.round(ms * 10) / 10;
}

/** Newest and oldest batch kept, as cursors; null when there is none. */
export function endsOf(log: BatchLog): { head: string | null; tail: string | null } {
  return {
    head: log.head === 0 ? null : formatCursor(log.epoch, log.head),
    tail: log.tail > log.head ? null : formatCursor(log.epoch, log.tail),
  };
}

/** The first thing a follower is told. */
export function helloJson({ id, log }: Session, beginning: Beginning, asked: Cursor | null): object {
  const { status, reason, next } = beginning;
  return {
    protocol: PROTOCOL,
    session: id,
    epoch: log.epoch,
    ...endsOf(log),
    asked: asked === null ? null : formatCursor(asked.epoch, asked.seq),
    // A bare number cannot tell one epoch from another.
    epochChecked: asked !== null && asked.epoch !== null,
    from: formatCursor(log.epoch, next),
    status,
    reason,
  };
}

/** Batches that were asked for and cannot be had, both ends included. */
export function gapJson(log: BatchLog, { from, to }: Gap): object {
  return {
    from: formatCursor(log.epoch, from),
    to: formatCursor(log.epoch, to),
    batches: to - from + 1,
    reason: "retention",
  };
}

/** How the session is. */
export function stateJson(session: Session): object {
  const { connected } = session.sourceStatus;
  return { state: session.state, connected, lastError: session.lastError };
}

/** A sign of life that lets a follower notice a missed tail. */
export function headJson(log: BatchLog): object {
  const { head } = endsOf(log);
  return { head, total: log.total, hash: log.read(log.head)?.hash ?? null };
}

/** The last thing a follower is told: nothing comes any more. */
export function endJson(session: Session): object {
  const { discarded } = session;
  return {
    reason: session.endReason,
    state: session.state,
    head: endsOf(session.log).head,
    total: session.log.total,
    discarded: discarded === null ? null : { lines: discarded.lines, bytes: discarded.bytes },
  };
}
