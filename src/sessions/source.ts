/** What a session needs of the place its bytes come from. `sources/` has the places. @module */

import type { Receiver } from "../engine/mod.ts";
import type { Intake } from "./intake.ts";
import type { SourceSpec } from "./spec.ts";

/** What a source says of itself; shown to users as it is. */
export interface SourceStatus {
  readonly type: SourceSpec["type"];
  readonly connected: boolean;
  /** It has said all it had to say: nothing will come any more. */
  readonly finished: boolean;
  /** The last trouble, in words, while there is trouble. */
  readonly lastError: string | null;
  /** What more there is to know of this kind of source. */
  readonly [detail: string]: string | number | boolean | null | Readonly<Record<string, number>>;
}

/** A receiver that says how it is. */
export interface Source extends Receiver {
  readonly status: SourceStatus;
  /** Called at each change of `status`. One watcher is enough. */
  watch(changed: () => void): void;
  /** There where lines are brought. */
  readonly intake?: Intake;
}

/** What has been read of a source before, by another process. */
export interface AlreadyRead {
  readonly lines: number;
  readonly bytes: number;
}

/**
 * Makes the source a user asked for; throws when it may not be had. Nothing runs before its start. A source of our own
 * goes on after what has been read already.
 */
export type OpenSource = (spec: SourceSpec, already: AlreadyRead) => Promise<Source>;

/** The source of a session that was over before this process began. */
export function pastSource(status: SourceStatus): Source {
  return {
    status,
    watch() {},
    start: () => Promise.reject(new Error("Cannot read from a source that is over")),
    stop: () => Promise.resolve(),
  };
}
