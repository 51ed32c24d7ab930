/** What sessions need of the place they are kept in. `storage/` has the places. @module */

import type { Cancel } from "../clock.ts";
import type { InputStats } from "../engine/mod.ts";
import type { Histogram } from "./histogram.ts";
import type { BatchLog } from "./log.ts";
import type { SourceStatus } from "./source.ts";
import type { SessionSpec } from "./spec.ts";

/** Why a session is over. */
export type EndReason = "stopped" | "finished" | "duration" | "deleted" | "shutdown" | "failed";

/** How a session ended: what there is to show of it afterwards. */
export interface SessionEnd {
  readonly reason: EndReason;
  /** Why it failed, in words, or null. */
  readonly failure: string | null;
  /** What a stop that was not graceful threw away, or null. */
  readonly discarded: InputStats | null;
  /** The source as it was last. */
  readonly source: SourceStatus;
}

/** What is kept of a session beside its batches. */
export interface SessionRecord {
  readonly id: string;
  /** In ms since the Unix epoch. */
  readonly createdAt: number;
  readonly spec: SessionSpec;
  /** By what the request that asked for it is known when it comes again, or null. */
  readonly request: string | null;
  /** Null while it is to run. */
  readonly end: SessionEnd | null;
}

/** A session that was kept, and its batches. */
export interface Kept {
  readonly record: SessionRecord;
  readonly log: BatchLog;
}

/** How a store is. */
export interface StoreHealth {
  /** Why nothing can be kept for now, in words, or null. Batches wait meanwhile, and nobody is told of them. */
  readonly trouble: string | null;
  /** Changes that wait to be kept. */
  readonly pending: number;
  /** From a batch's append until it is kept, of all logs; nothing where there is no disk to wait for. */
  readonly commits: Histogram;
}

/** Keeps sessions and their batches. What it promises is as safe as it makes things when the promise resolves. */
export interface SessionStore extends StoreHealth {
  /** Whether what is kept outlives the process: a session that runs at its end runs again in the next. */
  readonly isDurable: boolean;
  /** What was kept when this process began, in order of creation; the logs take new batches with a higher `inc`. */
  readonly kept: readonly Kept[];
  /** Called when {@link trouble} has changed. */
  watch(changed: () => void): Cancel;
  create(record: SessionRecord): Promise<BatchLog>;
  end(id: string, end: SessionEnd): Promise<void>;
  /** The session and its batches are gone. */
  forget(id: string): Promise<void>;
  /** Keeps what waits, if it can be kept, and lets go of everything. */
  close(): Promise<void>;
}
