/** Where a follower begins, and what comes next for it. A follower is a cursor into the log, never a queue. @module */

import type { Batch } from "./batch.ts";
import type { Cursor } from "./cursor.ts";
import type { BatchLog } from "./log.ts";

/** What a client asked for: to go on after a cursor, or to begin somewhere. */
export type Asked =
  | { readonly after: Cursor }
  /** The next batch to come, the oldest kept, or the newest `n`. */
  | { readonly since: "now" | "earliest" | number };

/** What a client is told first, and where it begins. */
export interface Beginning {
  /** `continuous`: nothing is missing; `gap`: batches asked for are gone; `reset`: what the client holds is of no use here. */
  readonly status: "continuous" | "gap" | "reset";
  /** Why it is a reset: another epoch, or a cursor this log has not reached. */
  readonly reason: "epoch" | "ahead_of_log" | null;
  /** The number of the next batch for this follower; when older than the tail, a gap comes first. */
  readonly next: number;
}

/** Begins as asked; without anything asked with the newest batch. */
export function begin(log: BatchLog, asked: Asked = { since: 1 }): Beginning {
  if ("after" in asked) return resume(log, asked.after);
  return { status: "continuous", reason: null, next: placeOf(log, asked.since) };
}

function placeOf(log: BatchLog, since: "now" | "earliest" | number): number {
  if (since === "now") return log.head + 1;
  if (since === "earliest") return log.tail;
  return Math.max(log.tail, log.head + 1 - since);
}

function resume(log: BatchLog, { epoch, seq }: Cursor): Beginning {
  if (epoch !== null && epoch !== log.epoch) return { status: "reset", reason: "epoch", next: log.tail };
  if (seq > log.head) return { status: "reset", reason: "ahead_of_log", next: log.tail };
  return { status: seq + 1 < log.tail ? "gap" : "continuous", reason: null, next: seq + 1 };
}

/** Batches that cannot be had any more, both ends included. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/** What a follower at `next` gets now: a batch, word of a gap, or nothing yet. */
export function entryAt(log: BatchLog, next: number): Batch | Gap | undefined {
  if (next > log.head) return undefined;
  return log.read(next) ?? { from: next, to: Math.max(next, log.tail - 1) };
}

/** Tells a gap from a batch. */
export function isGap(entry: Batch | Gap): entry is Gap {
  return "from" in entry;
}
