/** All that sessions need, behind one import: a service loads it when it listens already. @module */

import { systemClock } from "./clock.ts";
import { isLoopback, type Config } from "./config.ts";
import { createApp } from "./http/mod.ts";
import type { FetchHandler, Runtime } from "./runtime.ts";
import { DEFAULT_LIMITS, Sessions } from "./sessions/mod.ts";
import { MemoryLog } from "./storage/mod.ts";

/** The sessions of a service, and the routes to them. */
export interface Rooms {
  readonly fetch: FetchHandler;
  /** Stops sessions, so that their last batches are counted and their followers told, and starts no more. */
  close(): Promise<void>;
}

/** Opens the rooms of a service. */
export function openRooms(config: Config, runtime: Runtime, onFault: (message: string) => void): Rooms {
  const { folder, host } = config;
  const sources = { clock: systemClock, folder, allowSocket: isLoopback(host) };
  const sessions = new Sessions({
    clock: systemClock,
    limits: DEFAULT_LIMITS,
    // Loaded for the first session: what they need of `node:` is a third of an idle Deno.
    openSource: async (spec) => (await import("./sources/mod.ts")).sourceOpener(sources)(spec),
    openLog: () => new MemoryLog(DEFAULT_LIMITS, runtime.digest),
  });
  const app = createApp({ sessions, runtime, clock: systemClock, onFault });
  return { fetch: (request, native) => app.fetch(request, native), close: () => sessions.close() };
}
