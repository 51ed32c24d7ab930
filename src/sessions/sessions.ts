/** All sessions, and the limits on them. @module */

import type { Clock } from "../clock.ts";
import { messageOf, SluiceError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import { NO_TOTALS } from "./batch.ts";
import { Measures } from "./measures.ts";
import { randomName } from "./random_name.ts";
import { Session, type SessionParts } from "./session.ts";
import type { OpenSource } from "./source.ts";
import type { SessionSpec } from "./spec.ts";
import type { EndReason, Kept, SessionStore, StoreHealth } from "./store.ts";

/** What sessions are made with. */
export interface SessionsParts {
  readonly clock: Clock;
  readonly limits: Limits;
  readonly openSource: OpenSource;
  readonly store: SessionStore;
  /** Called at each change of a session's state. */
  readonly onMove?: (session: Session) => void;
}

/** Sessions whose lines are kept for those who want to see where counts come from; with more nobody looks at each. */
const EXPLAINED = 64;

/** Creates, finds and ends sessions. */
export class Sessions {
  /** What is changed holds for sessions that are started from then on. */
  limits: Limits;
  readonly measures: Measures = new Measures();
  readonly #parts: SessionsParts;
  readonly #byId = new Map<string, Session>();
  /** Those that are over, the one that ended first in front. */
  readonly #over = new Set<Session>();
  readonly #isOver = (session: Session): void => {
    if (!this.#byId.has(session.id)) return;
    this.#over.add(session);
    this.#descriptors -= descriptorsOf(session.spec);
  };
  readonly #onMove: (session: Session) => void;
  #descriptors = 0;
  #accepting = true;

  constructor(parts: SessionsParts) {
    this.limits = parts.limits;
    this.#onMove = parts.onMove ?? (() => {});
    this.#parts = parts;
  }

  /** How the store is that they are kept in. */
  get store(): StoreHealth {
    return this.#parts.store;
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

  /** File descriptors of the sources of those that are not over. */
  get descriptors(): number {
    return this.#descriptors;
  }

  get(id: string): Session {
    const session = this.#byId.get(id);
    if (session === undefined)
      throw new SluiceError("no_such_session", `Cannot find session ${JSON.stringify(id.slice(0, 60))}`);
    return session;
  }

  /** Starts a session, and keeps with it what its request is known by; one whose source cannot start leaves nothing behind. */
  async create(spec: SessionSpec, request: string | null = null): Promise<Session> {
    this.#mustHaveRoom();
    const { openSource, store } = this.#parts;
    const seeded = withSeed(spec);
    const source = await openSource(seeded.source, NO_TOTALS);
    const record = { id: `s_${randomName(8)}`, createdAt: this.#parts.clock.now(), spec: seeded, request, end: null };
    const log = await store.create(record);
    const session = new Session({ ...record, source, log, ...this.#shared() });
    try {
      // Others may have been created meanwhile.
      this.#mustHaveRoom();
      this.#byId.set(session.id, session);
      this.#descriptors += descriptorsOf(seeded);
      await session.start();
    } catch (failure) {
      void this.#forget(session);
      throw failure;
    }
    this.#forgetOldest();
    return session;
  }

  /** Brings back what was kept when this process began: what ran runs again, what was over can be read. */
  async restore(): Promise<void> {
    for (const kept of this.#parts.store.kept) {
      const session = await this.#restored(kept);
      this.#byId.set(session.id, session);
      if (session.isOver) this.#over.add(session);
      else this.#descriptors += descriptorsOf(session.spec);
    }
    this.#forgetOldest();
  }

  async #restored({ record, log }: Kept): Promise<Session> {
    const { openSource, store } = this.#parts;
    const parts = { ...record, log, ...this.#shared() };
    if (record.end !== null) return Session.past(record.end, parts);
    try {
      const session = new Session({ ...parts, source: await openSource(record.spec.source, log.total) });
      // It may take its time, and fail, as that of any session that runs.
      session.start().catch(() => {});
      return session;
    } catch (failure) {
      const { type } = record.spec.source;
      const source = { type, connected: false, finished: true, lastError: messageOf(failure) };
      const end = { reason: "failed", failure: messageOf(failure), discarded: null, source } as const;
      void store.end(record.id, end);
      return Session.past(end, parts);
    }
  }

  /** Ends a session, if it still runs, and forgets it. */
  async delete(id: string): Promise<void> {
    const session = this.get(id);
    await session.stop("deleted", false);
    await this.#forget(session);
  }

  /** Ends all sessions gracefully and starts no more. */
  async close(reason: EndReason = "shutdown"): Promise<void> {
    this.#accepting = false;
    await Promise.all(this.all().map((session) => session.stop(reason)));
  }

  /** What all sessions are made with. */
  #shared(): Pick<SessionParts, "store" | "clock" | "limits" | "measures" | "keepsLines" | "onMove" | "onOver"> {
    const { store, clock } = this.#parts;
    const { limits, measures } = this;
    const keepsLines = this.live < EXPLAINED;
    return { store, clock, limits, measures, keepsLines, onMove: this.#onMove, onOver: this.#isOver };
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
      void this.#forget(session);
    }
  }

  #forget(session: Session): Promise<void> {
    this.#byId.delete(session.id);
    this.#over.delete(session);
    return this.#parts.store.forget(session.id);
  }
}

/** How many file descriptors a source has open: an emitter listens, and is at both ends of its connection. */
export function descriptorsOf({ source }: SessionSpec): number {
  return source.type === "emitter" ? 3 : 1;
}

/** An emitter that runs again shall go on with its lines, not begin others. */
function withSeed(spec: SessionSpec): SessionSpec {
  const { source } = spec;
  if (source.type !== "emitter" || source.seed !== undefined) return spec;
  const [seed = 0] = crypto.getRandomValues(new Uint32Array(1));
  return { ...spec, source: { ...source, seed } };
}
