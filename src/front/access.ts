/** Who may do what: by the token or the ticket that comes with a request. @module */

import { SluiceError } from "../errors.ts";
import { covers, scopeOf, type Scope } from "./scopes.ts";
import type { Tickets } from "./tickets.ts";
import { Tokens, type Digest, type Token } from "./tokens.ts";

/** Streams, which browsers open without being able to set a header. What brings lines is none of them: it wants more than reading. */
export const STREAM: RegExp = /(?<!\/lines)\/(?:sse|ws|text)$/;
/** It brings lines, and browsers cannot set a header for it either. */
const LINES_SOCKET = /\/lines\/ws$/;
/** What a token in a URL is good for. */
const READING: readonly Scope[] = ["read"];

/** What came with a request, and what it grants; null: nothing came. */
type Granted = { readonly what: string; readonly scopes: readonly Scope[] | undefined } | null;

/** Lets in, or refuses. */
export class Access {
  readonly #digest: Digest;
  readonly #tickets: Tickets;
  #tokens: Tokens | null = null;

  constructor(digest: Digest, tickets: Tickets) {
    this.#digest = digest;
    this.#tickets = tickets;
  }

  /** From now on these tokens are good, and no ticket of before; null: nobody is asked. */
  use(tokens: readonly Token[] | null): void {
    this.#tokens = tokens && new Tokens(this.#digest, tokens);
    this.#tickets.clear();
  }

  /** Refuses who may not do what is asked: with `unauthorized`, or with `missing_scope`. */
  check(request: Request, path: string): void {
    const tokens = this.#tokens;
    const wanted = scopeOf(request.method, path);
    if (tokens === null || wanted === null) return;
    const granted = byHeader(request, tokens) ?? this.#byUrl(request, path, tokens);
    if (granted === null) throw new SluiceError("unauthorized", "Cannot answer without a bearer token");
    const { what, scopes } = granted;
    if (scopes === undefined) throw new SluiceError("unauthorized", `Cannot answer: the ${what}`);
    if (!covers(scopes, wanted)) {
      const message = `Cannot ${request.method} ${path.slice(0, 100)}: the token has the scope ${scopes.join(", ")}, ${wanted} is wanted`;
      throw new SluiceError("missing_scope", message);
    }
  }

  /** What stands in a URL: a ticket, which is used up by it, or, of a stream, a token, of which only reading counts. */
  #byUrl({ method, url }: Request, path: string, tokens: Tokens): Granted {
    const isStream = STREAM.test(path);
    if (method !== "GET" || !(isStream || LINES_SOCKET.test(path))) return null;
    const { searchParams } = new URL(url);
    const ticket = searchParams.get("ticket");
    if (ticket !== null) {
      return { what: "ticket is used, too old, or not for this", scopes: this.#tickets.redeem(ticket, path) };
    }
    const token = isStream ? searchParams.get("access_token") : null;
    return token === null ? null : { what: "bearer token is wrong", scopes: tokens.find(token) && READING };
  }
}

function byHeader({ headers }: Request, tokens: Tokens): Granted {
  const token = /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  return token === undefined ? null : { what: "bearer token is wrong", scopes: tokens.find(token)?.scopes };
}
