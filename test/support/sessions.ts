/** Sessions without a network. @module */

import { newSha256, sha256 } from "../../src/runtimes/digest.ts";
import {
  DEFAULT_LIMITS,
  Sessions,
  type Hashing,
  type Limits,
  type Session,
  type SessionStore,
} from "../../src/sessions/mod.ts";
import { parseSpec } from "../../src/sessions/spec.ts";
import { PushSource } from "../../src/sources/push_source.ts";
import { MemoryStore } from "../../src/storage/mod.ts";
import { HandSource } from "./bytes.ts";
import { ManualClock } from "./manual_clock.ts";

/** SHA-256 as the runtimes have it. */
export const digest: (text: string) => string = sha256;

/** How the runtimes' logs hash. */
export const hashing: Hashing = { digest: sha256, newHash: newSha256 };

/** Sessions whose sources the test feeds, but for those that lines are brought to. */
export interface SessionsByHand {
  readonly clock: ManualClock;
  readonly sessions: Sessions;
  readonly limits: Limits;
  /** Starts a session of the given spec. */
  start(spec?: object): Promise<{ session: Session; source: HandSource }>;
}

/** Makes them; the limits given replace the defaults, and the store given that in memory. */
export function sessionsByHand(
  given: Partial<Limits> = {},
  store?: SessionStore,
  clock: ManualClock = new ManualClock(),
): SessionsByHand {
  const limits = { ...DEFAULT_LIMITS, ...given };
  const sources: HandSource[] = [];
  const sessions = new Sessions({
    clock,
    limits,
    openSource: ({ type }) => {
      if (type === "push") return Promise.resolve(new PushSource({ clock, limits }));
      const source = new HandSource();
      sources.push(source);
      return Promise.resolve(source);
    },
    store: store ?? new MemoryStore(limits, hashing),
  });
  const start = async (spec: object = {}): Promise<{ session: Session; source: HandSource }> => {
    const session = await sessions.create(parseSpec(spec));
    return { session, source: sources.at(-1)! };
  };
  return { clock, sessions, limits, start };
}
