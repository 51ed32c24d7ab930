/** How long what is due has to wait for its turn of the event loop. @module */

import { shortlyAfter, type Clock } from "../clock.ts";
import { Histogram } from "../sessions/mod.ts";

const LOOK_EVERY_MS = 500;

/** Looks twice a second from now on; `later` keeps no process alive. */
export function watchEventLoop(clock: Clock, later: typeof shortlyAfter = shortlyAfter): Histogram {
  const lag = new Histogram();
  const look = (): void => {
    const due = clock.elapsed() + LOOK_EVERY_MS;
    later(LOOK_EVERY_MS, () => {
      lag.record(Math.max(0, clock.elapsed() - due));
      look();
    });
  };
  look();
  return lag;
}
