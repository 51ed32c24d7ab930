/** What is said of batches and places in a log, as JSON objects: the same for SSE, WebSocket and plain JSON. @module */

import {
  factsJson,
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

/** Where a follower begins, and what it asked for. */
export interface Place {
  readonly beginning: Beginning;
  readonly asked: Cursor | null;
}

/** Version of the objects of a stream. */
const PROTOCOL = 1;

/** Words a push carries when nobody asks for more or fewer. */
export const DEFAULT_TOP = 500;

/** With more words shown a batch is written in pieces. */
export const LONG_WORDS = 4096;
const encoder = new TextEncoder();

/** What is written around a batch's own fields. */
interface Around {
  /** Fields before them, each with its comma. */
  readonly before?: string;
  /** How many batches were left out before it; 0 is not said. */
  readonly skipped?: number;
}

/** A batch with its `top` most frequent words as JSON; `more` says how many are left out. In pieces where it is long. */
export function batchText(batch: Batch, top: number, { before = "", skipped = 0 }: Around = {}): string | Pieces {
  const { epoch, seq, counts, texts } = batch;
  const head = `{${before}"cursor":"${formatCursor(epoch, seq)}",${texts?.facts ?? factsJson(batch)},"counts":`;
  const tail = `${restJson(batch, top)}${skipped === 0 ? "" : `,"skipped":${skipped}`}}`;
  if (counts instanceof ManyWords && Math.min(top, counts.size) > LONG_WORDS)
    return longText(head, counts.json(top), tail);
  return head + countsJson(batch, top) + tail;
}

function countsJson({ texts, counts }: Batch, top: number): string {
  return texts !== undefined && top >= counts.size ? texts.counts : JSON.stringify(counts.top(top));
}

/** The fields after the counts. */
function restJson({ counts, delays, countsHash, prev, hash }: Batch, top: number): string {
  return (
    `,"more":${Math.max(0, counts.size - top)},` +
    `"delays":${JSON.stringify(delaysJson(delays))},"countsHash":"${countsHash}",` +
    `"prev":${prev === null ? "null" : `"${prev}"`},"hash":"${hash}"`
  );
}

function* longText(head: string, counts: Pieces, tail: string): Pieces {
  yield encoder.encode(head);
  yield* counts;
  yield encoder.encode(tail);
}

/** Spark's three delays, in ms to a tenth. */
export function delaysJson({ schedulingMs, processingMs, totalMs }: Batch["delays"]): object {
  return { schedulingMs: tenth(schedulingMs), processingMs: tenth(processingMs), totalMs: tenth(totalMs) };
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

/** The first thing a follower is told; `now`, in ms since the Unix epoch, lets it count down to the next batch. */
export function helloJson({ id, log }: Session, { beginning, asked }: Place, now: number): object {
  const { status, reason, next } = beginning;
  return {
    protocol: PROTOCOL,
    session: id,
    now: new Date(now).toISOString(),
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

/** What the client holds is of no use here: it begins anew, in this epoch. */
export function resetJson(log: BatchLog, { beginning: { reason, next }, asked }: Place): object {
  const held = asked === null ? null : formatCursor(asked.epoch, asked.seq);
  return { epoch: log.epoch, reason, asked: held, from: formatCursor(log.epoch, next) };
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
