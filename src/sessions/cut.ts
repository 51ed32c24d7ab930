/** What the engine gives, as the log wants it. @module */

import type { Clock } from "../clock.ts";
import type { InputStats, MicroBatch } from "../engine/mod.ts";
import type { Cut, SourceGap } from "./batch.ts";
import { WordCounts, type WordCount } from "./counts.ts";

/** Sorts and sums up a micro-batch of word counts; its processing ends here. */
export function cutOf(batch: MicroBatch<WordCount>, clock: Clock): Cut {
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
    sourceGap: sourceGapOf(input),
    counts,
    delays: { schedulingMs, processingMs, totalMs: schedulingMs + processingMs },
  };
}

function sourceGapOf({ gaps }: InputStats): SourceGap | null {
  return gaps.count === 0
    ? null
    : { reason: "source_closed", count: gaps.count, downMs: Math.round(gaps.downMs), linesLost: null };
}
