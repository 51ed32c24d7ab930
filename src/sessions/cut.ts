/** What the engine gives, as the log wants it. @module */

import type { Clock } from "../clock.ts";
import { Recent, type InputStats, type MicroBatch } from "../engine/mod.ts";
import type { Cut, SourceGap } from "./batch.ts";
import { WordCounts, type WordCount } from "./counts.ts";

/** What was made of few words lately. Records that were prepared, and those of sessions with the same lines, are the same object. */
const recent = new Recent<readonly WordCount[], Counted>(1024);
const FEW_WORDS = 1024;

interface Counted {
  readonly counts: WordCounts;
  readonly words: number;
}

/**
 * Sorts and sums up a micro-batch of word counts; its processing ends here. `awayMs`: how long nobody read before it,
 * as the service was not there; null where it was.
 */
export function cutOf(batch: MicroBatch<WordCount>, clock: Clock, awayMs: number | null = null): Cut {
  const { rdd, input, otherRecords, schedulingMs, startedAt } = batch;
  const records = rdd.collect();
  const { counts, words } = recent.get(records) ?? counted(records);
  const processingMs = clock.elapsed() - startedAt;
  return {
    time: batch.time,
    intervalMs: batch.intervalMs,
    partial: batch.partial,
    final: batch.final,
    late: batch.late,
    missedTicks: batch.missedTicks,
    lines: input.lines,
    words: words + otherRecords,
    bytes: input.bytes,
    otherWords: otherRecords,
    dropped: input.dropped,
    sourceGap: sourceGapOf(input, awayMs),
    counts,
    delays: { schedulingMs, processingMs, totalMs: schedulingMs + processingMs },
  };
}

function counted(records: readonly WordCount[]): Counted {
  const words = records.reduce((sum, [, count]) => sum + count, 0);
  const made = { counts: new WordCounts(records), words };
  return records.length > FEW_WORDS ? made : recent.set(records, made);
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
