/** What becomes of a follower that does not keep up: `?policy=` and `?maxLag=`. @module */

import type { Context } from "hono";
import { SluiceError } from "../errors.ts";
import type { BatchLog } from "../sessions/mod.ts";
import { choiceParameter, wholeParameter } from "./requests.ts";

/**
 * `gap`: it reads on from where it is, and is told the gap where the log has moved past it. `latest`: it is given the newest
 * batch, with how many were `skipped`. `disconnect`: its connection is closed. The last two when more than `maxLag` batches
 * wait for it that came since it joined: the history it asked for is not held against it.
 */
export interface Slowness {
  readonly policy: "gap" | "latest" | "disconnect";
  readonly maxLag: number;
}

/** How far along a follower is. */
interface Reading {
  readonly slowness: Slowness;
  /** Number of the next batch it gets. */
  readonly next: number;
  /** Number of the newest batch when it joined. */
  readonly joinedAt: number;
}

const POLICIES = ["gap", "latest", "disconnect"] as const;
const MOST_LAG = 1_000_000;
const DEFAULT_LAG = { latest: 1, disconnect: 100 };

/** Reads the two parameters. */
export function readSlowness(c: Context): Slowness {
  const policy = choiceParameter(c, "policy", POLICIES) ?? "gap";
  if (policy !== "gap") {
    const maxLag = wholeParameter(c, "maxLag", { least: 1, most: MOST_LAG, otherwise: DEFAULT_LAG[policy] });
    return { policy, maxLag };
  }
  if (c.req.query("maxLag") === undefined) return { policy, maxLag: Infinity };
  const wanted = "wanted is policy=latest or policy=disconnect beside it";
  throw new SluiceError("bad_parameter", `Cannot read the query: maxLag means nothing by itself, ${wanted}`);
}

/** Whether it is to be cut. */
export function isTooSlow(reading: Reading, log: BatchLog): boolean {
  return reading.slowness.policy === "disconnect" && lags(reading, log);
}

/** How many batches it is to leave out now, so that the newest is next. */
export function skippedBy(reading: Reading, log: BatchLog): number {
  return reading.slowness.policy === "latest" && lags(reading, log) ? log.head - reading.next : 0;
}

function lags({ slowness, next, joinedAt }: Reading, { head }: BatchLog): boolean {
  return head - Math.max(next - 1, joinedAt) > slowness.maxLag;
}
