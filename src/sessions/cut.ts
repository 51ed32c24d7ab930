/** What the engine gives, as the log wants it. @module */

import type { Clock } from "../clock.ts";
import type { InputStats, MicroBatch } from "../engine/mod.ts";
import type { Cut, SourceGap } from "./batch.ts";
import { WordCounts, type WordCount } from "./counts.ts";

/** Sorts and sums up one session's micro-batches. */
export class Cutter {
  readonly #clock: Clock;
  #records: readonly WordCount[] | undefined;
  #counts = new WordCounts([]);
  #words = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The cut that comes of a batch if nothing more comes before its time: {@link cut} need not sort the same records again. */
  prepare(batch: MicroBatch<WordCount>): Cut {
    return this.#cut(batch);
  }

  /** The processing of the batch ends here. */
  cut(batch: MicroBatch<WordCount>): Cut {
    const made = this.#cut(batch);
    this.#records = undefined;
    return made;
  }

  #cut(batch: MicroBatch<WordCount>): Cut {
    const { rdd, input, otherRecords, schedulingMs, startedAt } = batch;
    this.#count(rdd.collect());
    const processingMs = this.#clock.elapsed() - startedAt;
    return {
      time: batch.time,
      intervalMs: batch.intervalMs,
      partial: batch.partial,
      final: batch.final,
      late: batch.late,
      missedTicks: batch.missedTicks,
      lines: input.lines,
      words: this.#words + otherRecords,
      bytes: input.bytes,
      otherWords: otherRecords,
      dropped: input.dropped,
      sourceGap: sourceGapOf(input),
      counts: this.#counts,
      delays: { schedulingMs, processingMs, totalMs: schedulingMs + processingMs },
    };
  }

  #count(records: readonly WordCount[]): void {
    if (this.#records === records) return;
    this.#records = records;
    this.#counts = new WordCounts(records);
    this.#words = records.reduce((sum, [, count]) => sum + count, 0);
  }
}

function sourceGapOf({ gaps }: InputStats): SourceGap | null {
  return gaps.count === 0
    ? null
    : { reason: "source_closed", count: gaps.count, downMs: Math.round(gaps.downMs), linesLost: null };
}
