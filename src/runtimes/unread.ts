/** Clients that ask and ask, and take none of the answers, which would be kept for them. @module */

import { LIMITS } from "../limits.ts";
import { HIGH_WATER_BYTES, type Connection } from "../runtime.ts";

/** One more, and it is cut: not every runtime can read it later instead. */
const MOST_WHILE_FULL = LIMITS.maxUnreadMessages.value;

/** Says, at each message of a WebSocket, whether it may be answered; cuts the connection where it may not. */
export function floodGate(connection: Connection): () => boolean {
  let whileFull = 0;
  return () => {
    whileFull = connection.buffered < HIGH_WATER_BYTES ? 0 : whileFull + 1;
    if (whileFull <= MOST_WHILE_FULL) return true;
    connection.terminate();
    return false;
  };
}
