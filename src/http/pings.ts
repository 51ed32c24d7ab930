/** Asks WebSockets for signs of life. @module */

import type { Cancel, Clock } from "../clock.ts";
import type { Follower } from "./follower.ts";

const PONG_WITHIN_MS = 8000;

/** Pings all who can be; `silent` is called with those that have not answered in time. */
export function pingAll(followers: Iterable<Follower>, clock: Clock, silent: (follower: Follower) => void): Cancel {
  const asked = [...followers].filter(({ connection }) => connection.ping !== undefined);
  for (const follower of asked) {
    follower.awaitingPong = true;
    follower.connection.ping?.();
  }
  return clock.after(PONG_WITHIN_MS, () => {
    for (const follower of asked) if (follower.awaitingPong) silent(follower);
  });
}
