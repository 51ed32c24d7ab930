/** The types of `mod.js`. @module */

import type { BatchEvent, FollowOptions, Problem, StreamEvent, Violation } from "./events.ts";

export type * from "./events.ts";

/**
 * Follows a session: its events, in order, each batch once, over however many connections it takes. Throws a TypeError for
 * options that cannot be meant. The loop ends with the session; it throws a {@link FollowError} when the service refuses for
 * good, a {@link ViolationError} when a promise does not hold, and the signal's reason when that ends it.
 */
export function follow(url: string | URL, options?: FollowOptions): AsyncGenerator<StreamEvent, void, void>;

/** What does not hold of a batch by itself: its hash, and its counts as far as they are there. */
export function checkBatch(batch: BatchEvent): Promise<Violation[]>;

/**
 * A batch of a session with all its words, where a push had only the most frequent; undefined when it is not kept. Throws a
 * {@link FollowError} when the service refuses, and what `fetch` throws.
 */
export function fetchBatch(
  url: string | URL,
  options: { readonly cursor: string; readonly token?: string | undefined; readonly signal?: AbortSignal | undefined },
): Promise<BatchEvent | undefined>;

/** It cannot be followed, and trying again would not help. */
export class FollowError extends Error {
  /** HTTP status of the refusal, where there was one. */
  readonly status: number | undefined;
  /** Close code of the WebSocket, where there was one. */
  readonly closeCode: number | undefined;
  /** The service's own words (RFC 9457), where it had some. */
  readonly problem: Problem | undefined;
}

/** The service broke a promise. */
export class ViolationError extends Error {
  readonly invariant: Violation["invariant"];
  /** The two batches that disagree; one, where it disagrees with itself. */
  readonly batches: readonly BatchEvent[];
}
