/** What is said when there is no file descriptor left. @module */

import { readFile } from "node:fs/promises";
import { SluiceError, systemCodeOf } from "../errors.ts";

/** How many this process may have, if that could be learnt. */
let limit: string | undefined;

/** To be asked while there are some left, as the asking takes one. Linux tells; elsewhere, and where it may not be read, nothing is learnt. */
export async function learnLimit(): Promise<void> {
  try {
    const limits = await readFile("/proc/self/limits", "utf8");
    limit ??= /^Max open files\s+(\d+)/m.exec(limits)?.[1];
  } catch {
    limit = undefined;
  }
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
