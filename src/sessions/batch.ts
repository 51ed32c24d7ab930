/** A batch: cut by the engine, sealed by the log. @module */

import type { Dropped } from "../engine/mod.ts";
import type { Counts } from "./counts.ts";

/** Sums since the epoch began. */
export interface Totals {
  readonly batches: number;
  readonly lines: number;
  readonly words: number;
  /** Raw bytes read, line ends included. */
  readonly bytes: number;
  /** Times the reading was interrupted. */
  readonly sourceGaps: number;
}

export const NO_TOTALS: Totals = { batches: 0, lines: 0, words: 0, bytes: 0, sourceGaps: 0 };

/** What of the source may be missing: plain TCP cannot be read again. */
export interface SourceGap {
  readonly reason: "source_closed";
  /** Interruptions within the interval. */
  readonly count: number;
  /** How long they were together, in ms. */
  readonly downMs: number;
  /** Null: a raw TCP source does not say. */
  readonly linesLost: number | null;
}

/** How long the batch waited and worked, in ms, as Spark defines the three. */
interface Delays {
  readonly schedulingMs: number;
  readonly processingMs: number;
  readonly totalMs: number;
}

/** What one interval brought, not yet part of a log. */
export interface Cut {
  /** Batch time, the end of the interval, in ms since the Unix epoch. */
  readonly time: number;
  /** Length in ms; measured for a late or a partial batch. */
  readonly intervalMs: number;
  readonly partial: boolean;
  readonly final: boolean;
  readonly late: boolean;
  readonly missedTicks: number;
  readonly lines: number;
  readonly words: number;
  readonly bytes: number;
  /** Words not in `counts`, as they were new when a bound on distinct words was reached. */
  readonly otherWords: number;
  readonly dropped: Readonly<Dropped>;
  readonly sourceGap: SourceGap | null;
  readonly counts: Counts;
  readonly delays: Delays;
}

/** A batch of a log: numbered, totalled, chained. It never changes. */
export interface Batch extends Cut {
  readonly epoch: string;
  readonly seq: number;
  /** Incarnation of the writer; rises when a writer takes over. */
  readonly inc: number;
  readonly total: Totals;
  /** SHA-256 of the full list of counts as JSON. */
  readonly countsHash: string;
  /** `hash` of the batch before, null for the first of the epoch. */
  readonly prev: string | null;
  /** SHA-256 of {@link canonical}. */
  readonly hash: string;
}

/** SHA-256 of a text's UTF-8 bytes, as 64 hexadecimal digits. */
type Digest = (text: string) => string;

/** The same of bytes that come in pieces. */
export interface Hash {
  update(bytes: Uint8Array): void;
  digest(): string;
}

/** How a log hashes. */
export interface Hashing {
  readonly digest: Digest;
  readonly newHash: () => Hash;
}

/** Whose batch it becomes. */
export interface Writer {
  readonly epoch: string;
  readonly inc: number;
  readonly digest: Digest;
}

/** Makes a cut the batch after `previous`; `countsHash` is there where it was taken before. Only logs call this. */
export function seal(cut: Cut & { readonly countsHash?: string }, previous: Batch | undefined, writer: Writer): Batch {
  const before = previous?.total ?? NO_TOTALS;
  const unsigned = {
    ...cut,
    epoch: writer.epoch,
    seq: (previous?.seq ?? 0) + 1,
    inc: writer.inc,
    total: {
      batches: before.batches + 1,
      lines: before.lines + cut.lines,
      words: before.words + cut.words,
      bytes: before.bytes + cut.bytes,
      sourceGaps: before.sourceGaps + (cut.sourceGap?.count ?? 0),
    },
    countsHash: cut.countsHash ?? writer.digest(JSON.stringify(cut.counts.top())),
    prev: previous?.hash ?? null,
  };
  return { ...unsigned, hash: writer.digest(canonical(unsigned)) };
}

/** What `hash` is taken of: these fields in this order, as JSON without spaces. Delays are measurements and not part of it. */
export function canonical(batch: Omit<Batch, "hash">): string {
  const { epoch, seq, inc, intervalMs, partial, final, late, missedTicks, lines, words, bytes, otherWords } = batch;
  const { dropped, total, sourceGap, countsHash, prev } = batch;
  const time = new Date(batch.time).toISOString();
  const distinct = batch.counts.size;
  return JSON.stringify({
    epoch,
    seq,
    inc,
    time,
    intervalMs,
    partial,
    final,
    late,
    missedTicks,
    lines,
    words,
    bytes,
    distinct,
    otherWords,
    dropped,
    total,
    sourceGap,
    countsHash,
    prev,
  });
}
