/** Asks WebSockets for signs of life. @module */

import type { Cancel, Clock } from "../clock.ts";
import type { Follower } from "./follower.ts";
import { visitEach } from "./turns.ts";

const PONG_WITHIN_MS = 8000;

/** Pings all who can be; `silent` is called with those that have not answered in time, and are still there. */
export function pingAll(followers: ReadonlySet<Follower>, clock: Clock, silent: (follower: Follower) => void): Cancel {
  const asked: Follower[] = [];
  let cancel: Cancel | undefined;
  const ask = (follower: Follower): void => {
    if (follower.connection.ping === undefined) return;
    follower.awaitingPong = true;
    follower.connection.ping();
    asked.push(follower);
  };
  const endTheSilent = (): void => {
    for (const follower of asked) if (follower.awaitingPong && followers.has(follower)) silent(follower);
  };
  visitEach(followers, ask, () => {
    if (followers.size > 0) cancel = clock.after(PONG_WITHIN_MS, endTheSilent);
  });
  return () => cancel?.();
}
