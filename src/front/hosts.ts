/** For which hosts this server answers: a page of elsewhere can have its own name lead here, but not change what it is called. @module */

/** Where a server listens, and what else it is called. */
export interface HostParts {
  readonly host: string;
  /** Bound to this machine alone. */
  readonly loopback: boolean;
  /** Names that a proxy hands on. */
  readonly allowed: readonly string[];
  /** Whether tokens are wanted: then a page that has no token gets nothing by any name. */
  readonly asksForToken: boolean;
}

const LOCAL = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
const ANY_ADDRESS: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);
/** No name: nobody can have it lead elsewhere. */
const LITERAL = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[\da-f:.]+\])$/;

/** Tells whether the server answers for what a `Host` header says. */
export function hostRule({ host, loopback, allowed, asksForToken }: HostParts): (header: string) => boolean {
  if (!loopback && asksForToken && allowed.length === 0) return () => true;
  const names = new Set([host.includes(":") ? `[${host}]` : host, ...allowed].map((name) => name.toLowerCase()));
  const takesLiterals = ANY_ADDRESS.has(host);
  return (header) => {
    const name = header.toLowerCase().replace(/:\d{1,5}$/, "");
    return names.has(name) || LOCAL.test(name) || (takesLiterals && LITERAL.test(name));
  };
}

/** What {@link HostParts.allowed} may have. */
export function isHostName(text: string): boolean {
  return /^[a-z\d](?:[a-z\d.-]{0,251}[a-z\d])?$/i.test(text) || LITERAL.test(text.toLowerCase());
}
