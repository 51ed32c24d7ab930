/** What is said when there is no file descriptor left. @module */

import { SluiceError, systemCodeOf } from "../errors.ts";

/** How many this process may have, if that is known. */
let limit: number | undefined;

/** Takes note of how many this process may have; undefined, or without end: it is not known. */
export function noteLimit(most: number | undefined): void {
  limit = Number.isFinite(most) ? most : undefined;
}

/** Whether it was for want of a descriptor that something failed. */
export function isOutOfDescriptors(failure: unknown): boolean {
  const code = systemCodeOf(failure);
  return code === "EMFILE" || code === "ENFILE";
}

/** The failure of what needs one more. */
export function outOfDescriptors(cannot: string, cause?: unknown): SluiceError {
  const whose = systemCodeOf(cause) === "ENFILE" ? "the machine" : "the process";
  const most = limit === undefined || whose === "the machine" ? "" : `, which may have ${limit},`;
  const message = `${cannot}: ${whose}${most} has no file descriptor left; stop sessions, or raise the limit (ulimit -n)`;
  return new SluiceError("too_many_descriptors", message, { cause });
}
