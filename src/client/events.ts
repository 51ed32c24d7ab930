/** What a follower is told, and how it is asked for: types only, for the modules beside it and their users. @module */

/** Sums since the epoch began. */
export interface Totals {
  readonly batches: number;
  readonly lines: number;
  readonly words: number;
  /** Raw bytes read, line ends included. */
  readonly bytes: number;
  readonly sourceGaps: number;
}

/** The first event of each connection. */
export interface HelloEvent {
  readonly type: "hello";
  readonly protocol: number;
  readonly session: string;
  readonly epoch: string;
  /** Cursor of the newest batch, null when there is none. */
  readonly head: string | null;
  /** Cursor of the oldest batch kept, null when none is. */
  readonly tail: string | null;
  readonly asked: string | null;
  readonly epochChecked: boolean;
  /** Cursor of the first batch to come. */
  readonly from: string;
  readonly status: "continuous" | "gap" | "reset";
  readonly reason: string | null;
}

/** The counts of one interval. */
export interface BatchEvent {
  readonly type: "batch";
  /** `<epoch>:<seq>`: what to resume after. */
  readonly cursor: string;
  readonly epoch: string;
  readonly seq: number;
  readonly inc: number;
  /** Batch time, the end of the interval, as ISO 8601. */
  readonly time: string;
  readonly intervalMs: number;
  readonly partial: boolean;
  readonly final: boolean;
  readonly late: boolean;
  readonly missedTicks: number;
  readonly lines: number;
  readonly words: number;
  readonly bytes: number;
  readonly distinct: number;
  readonly otherWords: number;
  readonly dropped: { readonly lines: number; readonly bytes: number };
  readonly total: Totals;
  readonly sourceGap: { readonly reason: string; readonly count: number; readonly downMs: number } | null;
  /** The most frequent word first. */
  readonly counts: readonly (readonly [word: string, count: number])[];
  /** Words left out of `counts`; the batch's own URL has them. */
  readonly more: number;
  /** With `policy: "latest"`: batches left out before this one. */
  readonly skipped?: number;
  readonly delays: { readonly schedulingMs: number; readonly processingMs: number; readonly totalMs: number };
  readonly countsHash: string;
  readonly prev: string | null;
  readonly hash: string;
}

/** Batches that were asked for and cannot be had, both ends included. */
export interface GapEvent {
  readonly type: "gap";
  readonly from: string;
  readonly to: string;
  readonly batches: number;
  readonly reason: string;
}

/** What the client holds is of no use here: it begins anew. */
export interface ResetEvent {
  readonly type: "reset";
  readonly epoch: string;
  /** `epoch`: another log; `ahead_of_log`: this one has not come so far. */
  readonly reason: string;
  readonly asked: string | null;
  /** Cursor of the first batch to come. */
  readonly from: string;
}

/** How the session is. */
export interface StateEvent {
  readonly type: "state";
  readonly state: string;
  readonly connected: boolean;
  readonly lastError: string | null;
}

/** A sign of life: the newest batch. */
export interface HeadEvent {
  readonly type: "head";
  readonly head: string | null;
  readonly total: Totals;
  readonly hash: string | null;
}

/** Nothing comes any more. */
export interface EndEvent {
  readonly type: "end";
  readonly reason: string | null;
  readonly state: string;
  readonly head: string | null;
  readonly total: Totals;
  readonly discarded: { readonly lines: number; readonly bytes: number } | null;
}

/** A problem document (RFC 9457). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
}

/** The service has a complaint; what becomes of the connection is said by its end. */
export interface ProblemEvent {
  readonly type: "problem";
  readonly problem: Problem;
}

/** A promise of the service that does not hold: I1 order, I2 totals, I3 chain, I4 counts, I5 repeated id, I6 incarnation. */
export interface Violation {
  readonly invariant: "I1" | "I2" | "I3" | "I4" | "I5" | "I6";
  /** What is, and what was wanted. */
  readonly message: string;
  /** The one before, where there is one, and the one that does not fit. */
  readonly batches: readonly BatchEvent[];
}

/** Instead of an exception, where `violations` is `"yield"`. */
export interface ViolationEvent extends Violation {
  readonly type: "violation";
}

/** What the service says. */
export type ServiceEvent =
  | HelloEvent
  | BatchEvent
  | GapEvent
  | ResetEvent
  | StateEvent
  | HeadEvent
  | EndEvent
  | ProblemEvent;

/** What {@link FollowOptions} and a URL give. */
export type StreamEvent = ServiceEvent | ViolationEvent;

/** How the connection is. */
export interface Link {
  readonly state: "connecting" | "live" | "waiting" | "over";
  /** It is the one that all tabs have together. */
  readonly shared: boolean;
  /** Why the last one was lost, or null. */
  readonly reason: string | null;
  /** While waiting: how long, in ms. */
  readonly delayMs: number;
}

/** How to follow. */
export interface FollowOptions {
  /** Where to begin: the next batch, the oldest kept, or the newest n (as `-n`). Default: the newest batch. */
  readonly since?: "now" | "earliest" | number | undefined;
  /** A cursor to go on after, of whatever transport; before `since`. */
  readonly after?: string | undefined;
  /** Words of a batch; by default the service's 500. */
  readonly top?: number | undefined;
  /** What the service does when we are too slow: tells a gap if it must (the default), skips to the newest batch, or cuts us. */
  readonly policy?: "gap" | "latest" | "disconnect" | undefined;
  /** Batches that may wait for us before it does, with the last two. */
  readonly maxLag?: number | undefined;
  /** Default `"sse"`. */
  readonly transport?: "sse" | "ws" | undefined;
  /** Ends it: the loop throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Bearer token. */
  readonly token?: string | undefined;
  /** What to do when a promise does not hold: throw (the default), or give it as an event and go on. */
  readonly violations?: "throw" | "yield" | undefined;
  /** One connection for all tabs of the origin. Default: in a page, where Web Locks and BroadcastChannel are there. */
  readonly share?: boolean | undefined;
  /** Told of each change of the connection. */
  readonly onState?: ((link: Link) => void) | undefined;
}
