/** Batches as an honest service makes them, and as one that lies could. @module */

import { canonical } from "../../src/client/canonical.js";
import type { BatchEvent, EndEvent, HeadEvent, HelloEvent, StateEvent, Totals } from "../../src/client/events.ts";
import { batchText } from "../../src/http/wire.ts";
import { seal, WordCounts, type Batch } from "../../src/sessions/mod.ts";
import { digest } from "../support/sessions.ts";

/** Name of the log in these tests. */
export const EPOCH = "k3v9";
const INTERVAL_MS = 5000;

/** The first `count` batches of a log; each has a few words of its own. */
export function history(count: number, epoch: string = EPOCH): BatchEvent[] {
  const batches: Batch[] = [];
  for (let seq = 1; seq <= count; seq++) {
    const counts = new WordCounts([
      ["spark", seq],
      [`word${seq}`, 1],
      ["__proto__", 1],
    ]);
    const cut = {
      time: seq * INTERVAL_MS,
      intervalMs: INTERVAL_MS,
      ...{ partial: false, final: false, late: false, missedTicks: 0 },
      ...{ lines: 2, words: seq + 3, bytes: 40, otherWords: 1, dropped: { lines: 0, bytes: 0 } },
      sourceGap: seq % 5 === 0 ? ({ reason: "source_closed", count: 1, downMs: 7, linesLost: null } as const) : null,
      counts,
      delays: { schedulingMs: 0, processingMs: 0, totalMs: 0 },
    };
    batches.push(seal(cut, batches.at(-1), { epoch, inc: 1, digest }));
  }
  return batches.map(
    (batch) => JSON.parse(`{"type":"batch",${(batchText(batch, Infinity) as string).slice(1)}`) as BatchEvent,
  );
}

/** The batch with something changed, and hashes that fit it. */
export function forge(batch: BatchEvent, changed: Partial<BatchEvent>): BatchEvent {
  const forged = { ...batch, ...changed };
  const countsHash = changed.counts === undefined ? forged.countsHash : digest(JSON.stringify(forged.counts));
  return { ...forged, countsHash, hash: digest(canonical({ ...forged, countsHash })) };
}

/** The history with one batch forged and all later ones chained to it, as a liar with care would do it. */
export function forgeAt(batches: readonly BatchEvent[], seq: number, changed: Partial<BatchEvent>): BatchEvent[] {
  const forged: BatchEvent[] = [];
  for (const batch of batches) {
    const prev = forged.at(-1)?.hash ?? null;
    forged.push(forge(batch, { prev, ...(batch.seq === seq && changed) }));
  }
  return forged;
}

const NO_TOTAL: Totals = { batches: 0, lines: 0, words: 0, bytes: 0, sourceGaps: 0 };

/** The greeting of a log of these batches to one who goes on with number `from`. */
export function hello(batches: readonly BatchEvent[], from: number, changed: Partial<HelloEvent> = {}): HelloEvent {
  const epoch = batches[0]?.epoch ?? EPOCH;
  return {
    ...{ type: "hello", protocol: 1, session: "s_test", epoch, asked: null, epochChecked: false },
    ...{ head: batches.at(-1)?.cursor ?? null, tail: batches[0]?.cursor ?? null },
    ...{ from: `${epoch}:${from}`, status: "continuous", reason: null },
    ...changed,
  };
}

/** The session runs. */
export const RUNNING: StateEvent = { type: "state", state: "running", connected: true, lastError: null };

/** The sign of life of a log of these batches. */
export function head(batches: readonly BatchEvent[]): HeadEvent {
  const last = batches.at(-1);
  return { type: "head", head: last?.cursor ?? null, total: last?.total ?? NO_TOTAL, hash: last?.hash ?? null };
}

/** The end of a log of these batches. */
export function end(batches: readonly BatchEvent[]): EndEvent {
  const { head: newest, total } = head(batches);
  return { type: "end", reason: "stopped", state: "stopped", head: newest, total, discarded: null };
}
