/** How WebSockets are closed here (RFC 6455, section 7.4, and codes of our own). @module */

import type { Session } from "../sessions/mod.ts";

export const CLOSE_NORMAL = 1000;
const CLOSE_AWAY = 1001;
export const CLOSE_POLICY = 1008;
export const CLOSE_RESTART = 1012;
/** Come again later. */
export const CLOSE_TRY_LATER = 1013;
/** It is too slow for its own `maxLag`; it may come again with its cursor. */
export const CLOSE_TOO_SLOW = 4008;

/** The code for those who follow a session that is over. */
export function closeCodeOf({ resumes, endReason }: Session): number {
  if (resumes) return CLOSE_RESTART;
  return endReason === "shutdown" ? CLOSE_AWAY : CLOSE_NORMAL;
}
