/** Who may ask at all: this server's hosts, pages of its own origin, holders of its token. @module */

import { SluiceError } from "../errors.ts";

/** On every answer. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
};

/** What is let in. */
export interface GuardOptions {
  /** Bound to this machine alone: then only its own names are answered, so that no page can rebind a name to it. */
  readonly loopback: boolean;
  /** Bearer token, or null where none is wanted. */
  readonly token: string | null;
  readonly digest: (text: string) => string;
}

const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;
/** Paths that tell nothing of sessions: the page itself, its parts, the client, what can be asked, and whether the server is well. */
const OPEN_PATH = /^\/(?:$|openapi\.json$|healthz$|livez$|readyz$|version$|problems\/|web\/|client(?:\.js$|\/))/;
/** Streams, which browsers open without being able to set a header (RFC 6750, section 2.3). */
const STREAM_PATH = /\/(?:sse|ws|text)$/;

/** Checks Host, Origin and token of a request for a path. */
export function admit(request: Request, path: string, options: GuardOptions): void {
  checkHost(request, options.loopback);
  checkOrigin(request);
  checkToken(request, path, options);
}

function checkHost({ headers }: Request, loopback: boolean): void {
  const host = headers.get("host") ?? "";
  if (loopback && !LOOPBACK_HOST.test(host)) {
    throw new SluiceError(
      "unknown_host",
      `Cannot answer for host ${JSON.stringify(host.slice(0, 60))}: this server is localhost`,
    );
  }
}

/** A request of a browser's page names its origin whenever it can do harm; it must be the server's own. */
function checkOrigin({ method, headers }: Request): void {
  const harmless = ["GET", "HEAD"].includes(method) && !headers.has("upgrade");
  if (harmless || comesFromOwnPage(headers)) return;
  const page = JSON.stringify((headers.get("origin") ?? "another site").slice(0, 60));
  throw new SluiceError(
    "forbidden_origin",
    `Cannot take this request from a page of ${page}: only from the service's own`,
  );
}

/** Or from no page at all: what is not a browser sends neither header. */
function comesFromOwnPage(headers: Headers): boolean {
  const origin = headers.get("origin");
  if (origin === null) return ["same-origin", "none"].includes(headers.get("sec-fetch-site") ?? "none");
  return URL.canParse(origin) && new URL(origin).host === headers.get("host")?.toLowerCase();
}

function checkToken({ headers, url }: Request, path: string, { token, digest }: GuardOptions): void {
  if (token === null || OPEN_PATH.test(path)) return;
  const header = /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  const given = header ?? (STREAM_PATH.test(path) ? new URL(url).searchParams.get("access_token") : null);
  if (given !== null && sameText(digest(given), digest(token))) return;
  throw new SluiceError(
    "unauthorized",
    given === null ? "Cannot answer without a bearer token" : "Cannot answer: the bearer token is wrong",
  );
}

/** Compares two digests in a time that does not tell where they differ. */
function sameText(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}
