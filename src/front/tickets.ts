/** Tickets: each lets its holder open one stream, soon, without a token in its URL. @module */

import { SluiceError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import type { Scope } from "./scopes.ts";
import { randomSecret } from "./secrets.ts";

/** What time it is. */
export interface Times {
  /** In ms since the Unix epoch. */
  now(): number;
  /** In ms, monotonic. */
  elapsed(): number;
}

/** What a ticket may grant: to follow, or to bring lines. */
type Granted = Exclude<Scope, "admin">;

/** What a ticket is good for. */
interface Pass {
  /** The session whose streams it opens; null: any. */
  readonly session: string | null;
  readonly scope: Granted;
  /** On the monotonic clock. */
  readonly until: number;
}

/** A ticket, as it is given out. */
export interface Issued {
  readonly ticket: string;
  /** In ms since the Unix epoch. */
  readonly expiresAt: number;
}

const { maxTickets, maxTicketMs } = LIMITS;
/** What of one session it opens. */
const OF_SESSION: Readonly<Record<Granted, RegExp>> = {
  read: /^\/sessions\/([^/]+)\/(?:sse|ws|text)$/,
  write: /^\/sessions\/([^/]+)\/lines\/ws$/,
};

/** The tickets that are not yet used. They are kept in memory alone. */
export class Tickets {
  readonly #times: Times;
  /** In the order in which they end. */
  readonly #passes = new Map<string, Pass>();

  constructor(times: Times) {
    this.#times = times;
  }

  /** How many are good. */
  get size(): number {
    this.#sweep();
    return this.#passes.size;
  }

  /** Makes one, for the streams of a session, or of any (null); with `write` for the WebSocket that brings it lines. */
  issue(session: string | null, scope: Granted = "read"): Issued {
    this.#sweep();
    const now = this.#times.elapsed();
    const [oldest] = this.#passes.values();
    if (oldest !== undefined && this.#passes.size >= maxTickets.value) {
      const retryAfterS = Math.ceil((oldest.until - now) / 1000);
      const message = `Cannot give a ticket: ${this.#passes.size} are not yet used, and maxTickets is ${maxTickets.value}`;
      throw new SluiceError("too_many_tickets", message, { retryAfterS });
    }
    const ticket = randomSecret();
    this.#passes.set(ticket, { session, scope, until: now + maxTicketMs.value });
    return { ticket, expiresAt: this.#times.now() + maxTicketMs.value };
  }

  /** Uses a ticket up; what it grants, undefined if it was not good for what is at a path. */
  redeem(ticket: string, path: string): readonly Scope[] | undefined {
    this.#sweep();
    const pass = this.#passes.get(ticket);
    this.#passes.delete(ticket);
    if (pass === undefined) return undefined;
    const { session, scope } = pass;
    const isGood = session === null ? !OF_SESSION.write.test(path) : OF_SESSION[scope].exec(path)?.[1] === session;
    return isGood ? [scope] : undefined;
  }

  /** None of them is good any more. */
  clear(): void {
    this.#passes.clear();
  }

  #sweep(): void {
    const now = this.#times.elapsed();
    for (const [ticket, { until }] of this.#passes) {
      if (until > now) return;
      this.#passes.delete(ticket);
    }
  }
}
