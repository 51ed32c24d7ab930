/** Why following is over, or is only interrupted. @module */

/** @typedef {import("./events.ts").Problem} Problem */
/** @typedef {import("./events.ts").Violation} Violation */

/** It cannot be followed, and trying again would not help. */
export class FollowError extends Error {
  /** @override */
  name = "FollowError";

  /**
   * @param {string} message
   * @param {{ status?: number | undefined, closeCode?: number | undefined, problem?: Problem | undefined }} [why]
   */
  constructor(message, { status, closeCode, problem } = {}) {
    super(message);
    /** The HTTP status of the refusal, where there was one. */
    this.status = status;
    /** The close code of the WebSocket, where there was one. */
    this.closeCode = closeCode;
    /** The service's own words (RFC 9457), where it had some. */
    this.problem = problem;
  }
}

/** The service broke a promise. */
export class ViolationError extends Error {
  /** @override */
  name = "ViolationError";

  /** @param {Violation} violation */
  constructor({ invariant, message, batches }) {
    super(`${invariant}: ${message}`);
    this.invariant = invariant;
    /** The two batches that disagree; one, where it disagrees with itself. */
    this.batches = batches;
  }
}

/** A connection is lost, and another may do better. Nobody outside sees it. */
export class Lost extends Error {
  /** @override */
  name = "Lost";

  /**
   * @param {string} message
   * @param {{ afterMs?: number | undefined, atOnce?: boolean | undefined }} [when]
   */
  constructor(message, { afterMs = 0, atOnce = false } = {}) {
    super(message);
    /** The service asks to stay away for so long. */
    this.afterMs = afterMs;
    /** It was us who left it: no reason to wait. */
    this.atOnce = atOnce;
  }
}

/**
 * The message of anything thrown; `fetch` hides the system's reason in its cause.
 * @param {unknown} failure
 * @returns {string}
 */
export function messageOf(failure) {
  if (!(failure instanceof Error)) return String(failure);
  const { cause } = failure;
  if (!(cause instanceof Error)) return failure.message;
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message;
}
