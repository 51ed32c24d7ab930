/** What the engine gives, as the log wants it. @module */

import { inSlices, type Clock } from "../clock.ts";
import { CountedRDD, type InputStats, type MicroBatch } from "../engine/mod.ts";
import type { Cut, SourceGap } from "./batch.ts";
import { WordCounts, type Counts, type WordCount } from "./counts.ts";
import { ManyWords } from "./many_words.ts";

/** Sorts and sums up a micro-batch of word counts; its processing ends here. Many words take several turns of the event loop. */
export function cutOf(batch: MicroBatch<WordCount>, clock: Clock): Cut | Promise<Cut> {
  const { rdd } = batch;
  if (rdd instanceof CountedRDD && rdd.counted !== undefined)
    return inSlices(ManyWords.of(rdd.counted)).then((counts) => summedUp(batch, { counts, kept: counts.total }, clock));
  const records = rdd.collect();
  const kept = records.reduce((sum, [, count]) => sum + count, 0);
  return summedUp(batch, { counts: new WordCounts(records), kept }, clock);
}

function summedUp(
  batch: MicroBatch<WordCount>,
  { counts, kept }: { readonly counts: Counts; readonly kept: number },
  clock: Clock,
): Cut {
  const { rdd: _records, input, otherRecords, schedulingMs, startedAt, ...tick } = batch;
  const processingMs = clock.elapsed() - startedAt;
  return {
    ...tick,
    lines: input.lines,
    words: kept + otherRecords,
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
