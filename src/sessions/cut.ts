/** What the engine gives, as the log wants it. @module */

import type { Clock } from "../clock.ts";
import type { InputStats, MicroBatch } from "../engine/mod.ts";
import type { Cut, SourceGap } from "./batch.ts";
import { WordCounts, type WordCount } from "./counts.ts";

/**
 * Sorts and sums up a micro-batch of word counts; its processing ends here. `awayMs`: how long nobody read before it,
 * as the service was not there; null where it was.
 */
export function cutOf(batch: MicroBatch<WordCount>, clock: Clock, awayMs: number | null = null): Cut {
  const { rdd, input, otherRecords, schedulingMs, startedAt, ...tick } = batch;
  const records = rdd.collect();
  const counts = new WordCounts(records);
  const words = records.reduce((sum, [, count]) => sum + count, otherRecords);
  const processingMs = clock.elapsed() - startedAt;
  return {
    ...tick,
    lines: input.lines,
    words,
    bytes: input.bytes,
    otherWords: otherRecords,
    dropped: input.dropped,
    sourceGap: sourceGapOf(input, awayMs),
    counts,
    delays: { schedulingMs, processingMs, totalMs: schedulingMs + processingMs },
  };
}

function sourceGapOf({ gaps }: InputStats, awayMs: number | null): SourceGap | null {
  if (awayMs === null && gaps.count === 0) return null;
  return {
    reason: awayMs === null ? "source_closed" : "reader_restart",
    count: gaps.count + (awayMs === null ? 0 : 1),
    downMs: Math.round(gaps.downMs + (awayMs ?? 0)),
    linesLost: null,
  };
}
