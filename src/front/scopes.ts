/** What a token may do, and which call wants which scope. @module */

/** What may be granted. */
export type Scope = "read" | "write" | "admin";

/** Each with the scopes it includes. */
const INCLUDED: Readonly<Record<Scope, readonly Scope[]>> = {
  read: ["read"],
  write: ["read", "write"],
  admin: ["read", "write", "admin"],
};

/** All of them. */
export const SCOPES: readonly Scope[] = ["read", "write", "admin"];

/** Paths that tell nothing of sessions: the page itself, its parts, the client, what can be asked, and whether the server is well. */
const OPEN =
  /^\/(?:$|(?:openapi|asyncapi)\.json$|healthz$|livez$|readyz$|version$|problems(?:\/|$)|web\/|client(?:\.js$|\/))/;
/** How the service does, for those who run it. */
const OF_OPERATORS = /^\/(?:metrics|limits|lateness)$/;
/** Lines are brought here, over WebSocket by GET. */
const OF_LINES = /^\/sessions\/[^/]+\/lines(?:\/ws|\/ticket)?$/;
/** A ticket lets its holder read, and no more. */
const OF_TICKETS = "/tickets";
const READING: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** The scope that a call wants, or null: anyone may. */
export function scopeOf(method: string, path: string): Scope | null {
  if (OPEN.test(path)) return null;
  if (OF_OPERATORS.test(path)) return "admin";
  if (path === OF_TICKETS) return "read";
  if (OF_LINES.test(path)) return "write";
  return READING.has(method) ? "read" : "write";
}

/** Whether somebody with these scopes may do what wants that one. */
export function covers(scopes: readonly Scope[], wanted: Scope): boolean {
  return scopes.some((scope) => INCLUDED[scope].includes(wanted));
}
