/** What the engine gives, as the log wants it. @module */

import { inSlices, type Clock } from "../clock.ts";
import { CountedRDD, Recent, type InputStats, type MicroBatch } from "../engine/mod.ts";
import type { Cut, SourceGap } from "./batch.ts";
import { WordCounts, type Counts, type WordCount } from "./counts.ts";
import { ManyWords } from "./many_words.ts";

/** What was made of few words lately. Records that were prepared, and those of sessions with the same lines, are the same object. */
const recent = new Recent<readonly WordCount[], Counted>(1024);
const FEW_WORDS = 1024;

interface Counted {
  readonly counts: Counts;
  readonly words: number;
}

/** Which batch is cut, and how. */
export interface Cutting {
  readonly clock: Clock;
  /** How long nobody read before it, in ms, as the service was not there; null where it was. */
  readonly awayMs: number | null;
}

/** Sorts and sums up a micro-batch of word counts; its processing ends here. Many words take several turns of the event loop. */
export function cutOf(batch: MicroBatch<WordCount>, cutting: Cutting): Cut | Promise<Cut> {
  const { rdd } = batch;
  if (!(rdd instanceof CountedRDD) || rdd.counted === undefined) return fewCutOf(batch, cutting);
  return inSlices(ManyWords.of(rdd.counted)).then((counts) =>
    summedUp(batch, { counts, words: counts.total }, cutting),
  );
}

/** The same of few words. */
export function fewCutOf(batch: MicroBatch<WordCount>, cutting: Cutting): Cut {
  const records = batch.rdd.collect();
  return summedUp(batch, recent.get(records) ?? counted(records), cutting);
}

function summedUp(batch: MicroBatch<WordCount>, { counts, words }: Counted, { clock, awayMs }: Cutting): Cut {
  const { input, otherRecords, schedulingMs, startedAt } = batch;
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
