/** All sessions, and the limits on them. @module */

import type { Clock } from "../clock.ts";
import { SluiceError } from "../errors.ts";
import { Lateness } from "./lateness.ts";
import type { Limits } from "./limits.ts";
import type { BatchLog } from "./log.ts";
import { randomName } from "./random_name.ts";
import { Session, type EndReason } from "./session.ts";
import type { OpenSource } from "./source.ts";
import type { SessionSpec } from "./spec.ts";

/** What sessions are made with. */
export interface SessionsParts {
  readonly clock: Clock;
  readonly limits: Limits;
  readonly openSource: OpenSource;
  readonly openLog: () => BatchLog;
}

/** Creates, finds and ends sessions. */
export class Sessions {
  readonly limits: Limits;
  readonly lateness: Lateness = new Lateness();
  readonly #parts: SessionsParts;
  readonly #byId = new Map<string, Session>();
  /** Those that are over, the one that ended first in front. */
  readonly #over = new Set<Session>();
  readonly #isOver = (session: Session): void => {
    if (this.#byId.has(session.id)) this.#over.add(session);
  };
  #accepting = true;

  constructor(parts: SessionsParts) {
    this.limits = parts.limits;
    this.#parts = parts;
  }

  /** Whether new sessions may still be started. */
  get accepting(): boolean {
    return this.#accepting;
  }

  /** In order of creation. */
  all(): Session[] {
    return [...this.#byId.values()];
  }

  /** Sessions that are not over. */
  get live(): number {
    return this.#byId.size - this.#over.size;
  }

  get(id: string): Session {
    const session = this.#byId.get(id);
    if (session === undefined)
      throw new SluiceError("no_such_session", `Cannot find session ${JSON.stringify(id.slice(0, 60))}`);
    return session;
  }

  /** Starts a session; one whose source cannot start leaves nothing behind. */
  async create(spec: SessionSpec): Promise<Session> {
    this.#mustHaveRoom();
    const { openSource, openLog, clock, limits } = this.#parts;
    const source = await openSource(spec.source);
    // Others may have been created meanwhile.
    this.#mustHaveRoom();
    const id = `s_${randomName(8)}`;
    const shared = { clock, limits, lateness: this.lateness, onOver: this.#isOver };
    const session = new Session({ id, spec, source, log: openLog(), ...shared });
    this.#byId.set(session.id, session);
    try {
      await session.start();
    } catch (failure) {
      this.#forget(session);
      throw failure;
    }
    this.#forgetOldest();
    return session;
  }

  /** Ends a session, if it still runs, and forgets it. */
  async delete(id: string): Promise<void> {
    const session = this.get(id);
    await session.stop("deleted", false);
    this.#forget(session);
  }

  /** Ends all sessions gracefully and starts no more. */
  async close(reason: EndReason = "shutdown"): Promise<void> {
    this.#accepting = false;
    await Promise.all(this.all().map((session) => session.stop(reason)));
  }

  #mustHaveRoom(): void {
    if (!this.#accepting) throw new SluiceError("stopping", "Cannot start a session: the server is shutting down");
    const { maxSessions } = this.limits;
    if (this.live < maxSessions) return;
    const message = `Cannot start a session: ${this.live} are running and maxSessions is ${maxSessions}; stop one first`;
    throw new SluiceError("too_many_sessions", message);
  }

  #forgetOldest(): void {
    for (const session of this.#over) {
      if (this.#over.size <= this.limits.maxFinishedSessions) break;
      this.#forget(session);
    }
  }

  #forget(session: Session): void {
    this.#byId.delete(session.id);
    this.#over.delete(session);
  }
}
