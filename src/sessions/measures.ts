/** What is measured of all sessions together, as it happens; somebody may look at it at any time. @module */

import type { Cut, Delays } from "./batch.ts";
import { Histogram } from "./histogram.ts";

/** Sums and durations since the process began. Nothing here is of one session. */
export class Measures {
  /** Spark's three. */
  readonly scheduling: Histogram = new Histogram();
  readonly processing: Histogram = new Histogram();
  readonly total: Histogram = new Histogram();
  /** From a batch's time until it is sealed, in its log, and written to those who follow. */
  readonly lateness: Histogram = new Histogram();
  batches = 0;
  lateBatches = 0;
  lines = 0;
  words = 0;
  bytes = 0;
  otherWords = 0;
  droppedLines = 0;
  droppedBytes = 0;
  sourceGaps = 0;
  /** Sources that had been connected, and were again. */
  sourceReconnects = 0;

  /** A batch has been counted. */
  counted({ schedulingMs, processingMs, totalMs }: Delays): void {
    this.scheduling.record(schedulingMs);
    this.processing.record(processingMs);
    this.total.record(totalMs);
  }

  /** It is in its log, so long after its time. */
  kept(cut: Cut, latenessMs: number): void {
    this.batches++;
    if (cut.late) this.lateBatches++;
    this.lines += cut.lines;
    this.words += cut.words;
    this.bytes += cut.bytes;
    this.otherWords += cut.otherWords;
    this.droppedLines += cut.dropped.lines;
    this.droppedBytes += cut.dropped.bytes;
    this.sourceGaps += cut.sourceGap?.count ?? 0;
    this.lateness.record(latenessMs);
  }
}
