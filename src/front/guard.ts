/** Who may ask at all: for this server's hosts, from pages of its own origin, with its tokens. @module */

import { SluiceError } from "../errors.ts";
import { Access, STREAM } from "./access.ts";
import { hostRule, type HostParts } from "./hosts.ts";
import type { Tickets } from "./tickets.ts";
import type { Digest, Token } from "./tokens.ts";

/** On every answer. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
};

/** What is let in. */
export interface Rules extends Omit<HostParts, "asksForToken"> {
  /** Tokens that are good; null: nobody is asked for one. */
  readonly tokens: readonly Token[] | null;
}

/** Lets requests in, by rules that may change. */
export class Guard {
  readonly #access: Access;
  #isHost: (header: string) => boolean = () => false;

  constructor(digest: Digest, tickets: Tickets) {
    this.#access = new Access(digest, tickets);
  }

  /** From now on these rules hold. Without a call nobody is let in. */
  use(rules: Rules): void {
    this.#isHost = hostRule({ ...rules, asksForToken: rules.tokens !== null });
    this.#access.use(rules.tokens);
  }

  /** Checks host, origin and token of a request for a path. */
  admit(request: Request, path: string): void {
    this.#checkHost(request);
    checkOrigin(request, path);
    this.#access.check(request, path);
  }

  #checkHost({ headers }: Request): void {
    const host = headers.get("host") ?? "";
    if (this.#isHost(host)) return;
    const shown = JSON.stringify(host.slice(0, 60));
    throw new SluiceError("unknown_host", `Cannot answer for host ${shown}: this server is not called so`);
  }
}

/** A request of a browser's page names its origin whenever it can do harm; it must be the server's own. */
function checkOrigin({ method, headers }: Request, path: string): void {
  const reads = ["GET", "HEAD"].includes(method) && !headers.has("upgrade");
  // A page of elsewhere cannot read a stream, but could keep many open. A link to one may be followed.
  const harmless = reads && (!STREAM.test(path) || headers.get("sec-fetch-mode") === "navigate");
  if (harmless || comesFromOwnPage(headers)) return;
  const page = JSON.stringify((headers.get("origin") ?? "another site").slice(0, 60));
  throw new SluiceError(
    "forbidden_origin",
    `Cannot take this request from a page of ${page}: only from the service's own`,
  );
}

/** Or from no page at all: what is not a browser sends neither header. What one of them says the other cannot mend. */
function comesFromOwnPage(headers: Headers): boolean {
  if (!["same-origin", "none"].includes(headers.get("sec-fetch-site") ?? "none")) return false;
  const origin = headers.get("origin");
  if (origin === null) return true;
  return URL.canParse(origin) && new URL(origin).host === headers.get("host")?.toLowerCase();
}
