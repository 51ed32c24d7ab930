/** One who follows a session: a connection and a place in its log, never a queue. @module */

import type { Connection } from "../runtime.ts";
import type { Encoded } from "./encoded.ts";
import type { Framing } from "./framing.ts";
import type { Slowness } from "./slowness.ts";

/** How a follower wants to be written to, and from where it follows. */
export interface Manner {
  readonly framing: Framing;
  readonly top: number;
  readonly slowness: Slowness;
  /** By what it is counted; null: it is on this machine, and is not. */
  readonly address: string | null;
}

/** One follower: a connection and a place in the log. */
export interface Follower {
  readonly connection: Connection;
  readonly encoded: Encoded;
  readonly slowness: Slowness;
  readonly address: string | null;
  /** Number of the newest batch when it joined. */
  readonly joinedAt: number;
  /** Number of the next batch it gets. */
  next: number;
  /** When its socket was found full and took nothing since, on the monotonic clock; undefined while it has room. */
  fullSince: number | undefined;
  /** What was buffered then. */
  fullBytes: number;
  awaitingPong: boolean;
}
