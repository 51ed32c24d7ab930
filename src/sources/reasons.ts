/** Why a connection fails, in words. @module */

import { messageOf, systemCodeOf } from "../errors.ts";

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused (nothing listens there)",
  ECONNRESET: "the other side reset the connection",
  ETIMEDOUT: "no answer in time",
  ENOTFOUND: "there is no host of that name",
  EHOSTUNREACH: "no route to the host",
  EMFILE: "the process has no file descriptor left",
  ENFILE: "the machine has no file descriptor left",
};

/** What is told of a failure. */
export function reasonOf(failure: Error): string {
  // A host with several addresses fails with all their failures in one.
  const cause: unknown = failure instanceof AggregateError ? failure.errors[0] : failure;
  const code = systemCodeOf(cause) ?? "";
  return REASONS[code] ?? (code === "" ? messageOf(cause) : code);
}
