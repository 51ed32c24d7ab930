/** How all sessions and their followers are at this moment: one pass over them, when somebody asks. @module */

import { STATES, type Session, type SessionState } from "../sessions/mod.ts";
import type { Delivery } from "./delivery.ts";
import { TRANSPORTS } from "./framing.ts";

/** Followers are told apart by how many batches wait for them, at the least. */
export const LAGS = [1, 10, 100] as const;

/** Numbers of all together. */
export interface Census {
  readonly states: Record<SessionState, number>;
  /** Sources of sessions that are not over. */
  readonly sources: { connected: number; disconnected: number };
  /** The highest share of the last seconds in which a source was read more slowly than it sends. */
  backpressure: number;
  historyBatches: number;
  historyBytes: number;
  /** By {@link TRANSPORTS}. */
  readonly followers: number[];
  mostLag: number;
  /** Followers for which at least {@link LAGS} batches wait. */
  readonly lagging: number[];
}

/** Those of sessions that were followed once. */
export type Deliveries = Pick<WeakMap<Session, Delivery>, "get">;

/** Takes the census. */
export function takeCensus(sessions: Iterable<Session>, deliveries: Deliveries): Census {
  const census: Census = {
    states: Object.fromEntries(Object.keys(STATES).map((state) => [state, 0])) as Record<SessionState, number>,
    sources: { connected: 0, disconnected: 0 },
    backpressure: 0,
    historyBatches: 0,
    historyBytes: 0,
    followers: TRANSPORTS.map(() => 0),
    mostLag: 0,
    lagging: LAGS.map(() => 0),
  };
  for (const session of sessions) {
    census.states[session.state]++;
    const { log } = session;
    census.historyBatches += log.head - log.tail + 1;
    census.historyBytes += log.bytes;
    if (!session.isOver) addSource(census, session);
    const delivery = deliveries.get(session);
    if (delivery !== undefined) addFollowers(census, delivery, log.head);
  }
  return census;
}

function addSource(census: Census, { sourceStatus: { connected, backpressure } }: Session): void {
  census.sources[connected ? "connected" : "disconnected"]++;
  if (typeof backpressure !== "object") return;
  census.backpressure = Math.max(census.backpressure, backpressure?.["share"] ?? 0);
}

function addFollowers(census: Census, { followers }: Delivery, head: number): void {
  for (const { encoded, next } of followers) {
    const { transport } = encoded.framing;
    census.followers[transport] = (census.followers[transport] ?? 0) + 1;
    const lag = head + 1 - next;
    census.mostLag = Math.max(census.mostLag, lag);
    for (const [place, least] of LAGS.entries())
      if (lag >= least) census.lagging[place] = (census.lagging[place] ?? 0) + 1;
  }
}
