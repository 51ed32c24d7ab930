/** Whether the service can do its work, and which part of it cannot. @module */

/** One part. A detail names no address and no path: who asks need not be known. */
export interface Check {
  readonly name: "sessions" | "store" | "sources" | "descriptors";
  readonly ok: boolean;
  /** Why it is not, in words. */
  readonly detail?: string;
}

/** What `GET /readyz` tells. */
export interface Readiness {
  readonly status: "ready" | "degraded" | "stopping" | "starting";
  readonly checks: readonly Check[];
}

/** Whether a new session would be served. A source in trouble is its own session's trouble alone. */
export function isReady({ checks }: Readiness): boolean {
  return checks.every(({ name, ok }) => ok || name === "sources");
}

/** Before there are sessions, and when there will be no more. */
export function notReady(status: "stopping" | "starting"): Readiness {
  return { status, checks: [{ name: "sessions", ok: false, detail: `the service is ${status}` }] };
}
