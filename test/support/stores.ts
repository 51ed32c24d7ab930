/** Stores in folders of their own, and batches to put into them. @module */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../src/clock.ts";
import {
  DEFAULT_LIMITS,
  WordCounts,
  type Cut,
  type Limits,
  type SessionRecord,
  type SessionStore,
  type WordCount,
} from "../../src/sessions/mod.ts";
import { parseSpec } from "../../src/sessions/spec.ts";
import { openSqliteStore } from "../../src/storage/mod.ts";
import { ManualClock } from "./manual_clock.ts";
import { hashing } from "./sessions.ts";

/** A folder, removed when the test is over. */
export async function temporaryFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), "sluice-store-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Opens the store of a folder, closed when the test is over; the limits given replace the defaults. */
export function openStore(
  folder: string,
  { clock = new ManualClock(), ...limits }: Partial<Limits> & { clock?: Clock } = {},
): SessionStore & AsyncDisposable {
  const store = openSqliteStore({ folder, clock, hashing, limits: { ...DEFAULT_LIMITS, ...limits } });
  return Object.assign(store, { [Symbol.asyncDispose]: () => store.close() });
}

/** A session to keep. */
export function recordOf(id: string): SessionRecord {
  return { id, createdAt: 1000, spec: parseSpec({}), request: null, end: null };
}

/** An interval's words: the batch time is `n` seconds after the Unix epoch. */
export function cutOf(n: number, counts: readonly WordCount[] = [[`word${n}`, n]]): Cut {
  const words = counts.reduce((sum, [, count]) => sum + count, 0);
  return {
    time: n * 1000,
    intervalMs: 1000,
    partial: false,
    final: false,
    late: false,
    missedTicks: 0,
    lines: 1,
    words,
    bytes: 6 * words,
    otherWords: 0,
    dropped: { lines: 0, bytes: 0 },
    sourceGap: null,
    counts: new WordCounts(counts),
    delays: { schedulingMs: 0.25, processingMs: 1, totalMs: 1.25 },
  };
}
