/** Clients that ask and ask, and take none of the answers. @module */

import { HIGH_WATER_BYTES, type Connection, type ConnectionHandlers } from "../runtime.ts";

/** Messages taken from a WebSocket that is full: one more and it is cut. Not every runtime can read it later instead. */
const MOST_WHILE_FULL = 64;

/** The same handlers, of a WebSocket that is cut when it says much and takes nothing: each message has an answer, which is kept until it is taken. */
export function cutAtFlood(connection: Connection, handlers: ConnectionHandlers): ConnectionHandlers {
  let whileFull = 0;
  return {
    drained: () => handlers.drained(),
    closed: () => handlers.closed(),
    pong: () => handlers.pong(),
    message(text) {
      whileFull = connection.buffered < HIGH_WATER_BYTES ? 0 : whileFull + 1;
      if (whileFull > MOST_WHILE_FULL) connection.terminate();
      else handlers.message(text);
    },
  };
}
