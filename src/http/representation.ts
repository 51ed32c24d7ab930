/** A session as its users see it. @module */

import type { Batch, Session } from "../sessions/mod.ts";
import { delaysJson, endsOf } from "./wire.ts";

/** The representation of a session with `followers` followers. */
export function sessionJson(session: Session, followers: number): object {
  const { id, spec, log, sourceStatus, nextBatchTime } = session;
  const self = `/sessions/${id}`;
  return {
    id,
    name: spec.name,
    state: session.state,
    lastError: session.lastError,
    epoch: log.epoch,
    source: sourceStatus,
    pipeline: spec.pipeline,
    batchIntervalMs: spec.batchIntervalMs,
    durationMs: spec.durationMs,
    createdAt: new Date(session.createdAt).toISOString(),
    nextBatchAt: nextBatchTime === null ? null : new Date(nextBatchTime).toISOString(),
    ...endsOf(log),
    latest: latestOf(log.read(log.head)),
    followers,
    total: log.total,
    endReason: session.endReason,
    links: {
      self,
      batches: `${self}/batches`,
      latest: `${self}/batches/latest`,
      sse: `${self}/sse`,
      ws: `${self}/ws`,
      text: `${self}/text`,
      stop: `${self}/stop`,
    },
  };
}

/** The newest batch in short: what came in which time, and how long it took; null when there is none. */
function latestOf(batch: Batch | undefined): object | null {
  if (batch === undefined) return null;
  const { time, intervalMs, lines, words, delays } = batch;
  return { time: new Date(time).toISOString(), intervalMs, lines, words, delays: delaysJson(delays) };
}
