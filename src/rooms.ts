/** All that sessions need, behind one import: a service loads it when it listens already. @module */

import { parseNetwork, type Network } from "./addresses.ts";
import { systemClock } from "./clock.ts";
import { IN_MEMORY, isLoopback, limitsIn, type Config } from "./config/mod.ts";
import type { Answers, Readiness, Tickets } from "./front/mod.ts";
import { createApp, readinessOf } from "./http/mod.ts";
import type { Log } from "./log.ts";
import type { FetchHandler, Runtime } from "./runtime.ts";
import {
  DEFAULT_LIMITS,
  Sessions,
  type Limits,
  type OpenSource,
  type Session,
  type SessionStore,
} from "./sessions/mod.ts";
import { MemoryStore, openSqliteStore } from "./storage/mod.ts";

export { openWriter } from "./log_writer.ts";

/** Of file descriptors; the rest is for requests, files, and what the runtime has for itself. */
const DESCRIPTOR_SHARE = 0.95;

/** The sessions of a service, and the routes to them. */
export interface Rooms {
  readonly fetch: FetchHandler;
  /** Which parts of them are in trouble. */
  readiness(): Promise<Readiness>;
  /** Takes over what may change while the service runs. */
  reload(config: Config): void;
  /** Stops sessions, so that their last batches are counted and their followers told, and starts no more. */
  close(): Promise<void>;
  /** Lets go of what is kept, when nobody reads it any more. */
  release(): Promise<void>;
}

/** What rooms are opened with. */
export interface RoomsParts {
  readonly config: Config;
  readonly runtime: Runtime;
  readonly tickets: Tickets;
  readonly answers: Answers;
  readonly log: Log;
}

/** Opens the rooms of a service; rejects when sessions cannot be kept where they are to be. */
export async function openRooms(parts: RoomsParts): Promise<Rooms> {
  const { config, runtime, tickets, answers, log } = parts;
  const { data, host, trustProxy, files: folder, allowSource, allowListen, ports } = config;
  const limits: Limits = { ...DEFAULT_LIMITS, ...limitsIn(config) };
  const store = openStore(data, limits, runtime);
  const allowed = { allowOwnMachine: isLoopback(host), allowSource, allowListen };
  /** The limits with what the system says of descriptors, and that itself. Read when it is wanted: on Deno it wants `node:`. */
  const knowDescriptors = async (): Promise<number | undefined> => {
    const { maxDescriptors } = await runtime.usage();
    const most = Math.floor((maxDescriptors ?? Infinity) * DESCRIPTOR_SHARE);
    sessions.limits = { ...sessions.limits, maxDescriptors: most };
    return maxDescriptors;
  };
  /** Loaded for the first session: what sources need of `node:` is a third of an idle Deno. */
  const loadSources = async (): Promise<OpenSource> => {
    const maxDescriptors = await knowDescriptors();
    const { sourceOpener } = await import("./sources/mod.ts");
    return sourceOpener({ clock: systemClock, limits, folder, ports, maxDescriptors, ...allowed });
  };
  let openSource: Promise<OpenSource> | undefined;
  const sessions = new Sessions({
    clock: systemClock,
    limits,
    async openSource(spec, already) {
      openSource ??= loadSources().catch((failure: unknown) => {
        // The next one tries again.
        openSource = undefined;
        throw failure;
      });
      return (await openSource)(spec, already);
    },
    store,
    onMove: logMoves(log),
  });
  store.watch(() => {
    if (store.trouble === null) log("info", "store recovered");
    else log("warning", "store in trouble", { trouble: store.trouble });
  });
  await sessions.restore();
  const proxies = networksOf(trustProxy);
  const app = createApp({ sessions, runtime, tickets, clock: systemClock, proxies, answers, log, knowDescriptors });
  return {
    fetch: (request, native) => app.fetch(request, native),
    readiness: async () => readinessOf(sessions, await runtime.usage()),
    reload(changed) {
      sessions.limits = { ...sessions.limits, ...limitsIn(changed) };
    },
    close: () => sessions.close(),
    release: () => store.close(),
  };
}

/** Tells how sessions fare. */
function logMoves(log: Log): (session: Session) => void {
  return ({ id, state, lastError, endReason }) => {
    const level = state === "degraded" || state === "failed" ? "warning" : "info";
    log(level, `session ${state}`, {
      session: id,
      ...(lastError !== null && { lastError }),
      ...(endReason !== null && { reason: endReason }),
    });
  };
}

function networksOf(texts: readonly string[]): Network[] {
  return texts.flatMap((text) => parseNetwork(text) ?? []);
}

function openStore(folder: string, limits: Limits, hashing: Runtime): SessionStore {
  if (folder === IN_MEMORY) return new MemoryStore(limits, hashing);
  return openSqliteStore({ folder, clock: systemClock, hashing, limits });
}
