/** A batch: cut by the engine, sealed by the log. @module */

import { Recent, type Dropped } from "../engine/mod.ts";
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
  /** The source was away, or the service itself was: then `inc` has risen. */
  readonly reason: "source_closed" | "reader_restart";
  /** Interruptions within the interval. */
  readonly count: number;
  /** How long they were together, in ms. */
  readonly downMs: number;
  /** Null: a raw TCP source does not say. */
  readonly linesLost: number | null;
}

/** How long the batch waited and worked, in ms, as Spark defines the three. */
export interface Delays {
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
  /** Texts that were made to seal it and are good for its JSON as well, while it is new and not large. */
  texts?: BatchTexts | undefined;
}

/** A batch has them until the next one comes. */
interface BatchTexts {
  /** See {@link factsJson}. */
  readonly facts: string;
  /** All counts as JSON. */
  readonly counts: string;
}

/** Longer texts are not kept. */
const MAX_TEXT = 16_384;

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

/** A cut, with the hash of its counts where it was taken before. */
type Hashed = Cut & { readonly countsHash?: string };

/** Makes a cut the batch after `previous`. Only logs call this. */
export function seal(cut: Hashed, previous: Batch | undefined, writer: Writer): Batch {
  const before = previous?.total ?? NO_TOTALS;
  const unsigned: Facts = {
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
  };
  const { text: counts, hash: countsHash } = countsTextOf(cut, writer.digest);
  const facts = factsJson(unsigned);
  const prev = previous?.hash ?? null;
  const text = signed(facts, countsHash, prev);
  const hash = writer.digest(text);
  return {
    ...unsigned,
    countsHash,
    prev,
    hash,
    texts: counts === undefined ? undefined : { facts: factsIn(text, facts.length), counts },
  };
}

/** Texts of counts that several sessions have, or that were prepared. */
const countsTexts = new Recent<Counts, CountsText>(1024);

interface CountsText {
  /** All counts as JSON, where it is not long. */
  readonly text: string | undefined;
  /** Its SHA-256. */
  readonly hash: string;
}

function countsTextOf({ counts, countsHash }: Hashed, digest: Digest): CountsText {
  if (countsHash !== undefined) return { text: undefined, hash: countsHash };
  const known = countsTexts.get(counts);
  if (known !== undefined) return known;
  const text = JSON.stringify(counts.top());
  const hash = digest(text);
  return text.length > MAX_TEXT ? { text: undefined, hash } : countsTexts.set(counts, { text, hash });
}

/** What `hash` is taken of: these fields in this order, as JSON without spaces. Delays are measurements and not part of it. */
export function canonical(batch: Batch): string {
  return signed(factsJson(batch), batch.countsHash, batch.prev);
}

function signed(facts: string, countsHash: string, prev: string | null): string {
  return `{${facts},"countsHash":"${countsHash}","prev":${prev === null ? "null" : `"${prev}"`}}`;
}

/** The facts as a part of the text that was hashed: that one is in one piece by then, the facts alone are in many. */
function factsIn(text: string, length: number): string {
  return text.slice(1, 1 + length);
}

type Facts = Omit<Batch, "countsHash" | "prev" | "hash">;

/** The fields from `epoch` to `sourceGap` as JSON without the braces. Written by hand, as it is written for every batch twice. */
export function factsJson(batch: Facts): string {
  const { dropped, total, sourceGap } = batch;
  return (
    `"epoch":"${batch.epoch}","seq":${batch.seq},"inc":${batch.inc},"time":"${isoTime(batch.time)}",` +
    `"intervalMs":${batch.intervalMs},"partial":${batch.partial},"final":${batch.final},"late":${batch.late},` +
    `"missedTicks":${batch.missedTicks},"lines":${batch.lines},"words":${batch.words},"bytes":${batch.bytes},` +
    `"distinct":${batch.counts.size},"otherWords":${batch.otherWords},` +
    `"dropped":{"lines":${dropped.lines},"bytes":${dropped.bytes}},` +
    `"total":{"batches":${total.batches},"lines":${total.lines},"words":${total.words},"bytes":${total.bytes},` +
    `"sourceGaps":${total.sourceGaps}},"sourceGap":${sourceGap === null ? "null" : JSON.stringify(sourceGap)}`
  );
}

const lastTime = { ms: Number.NaN, iso: "" };

/** All sessions of an interval have their batches at the same times. */
function isoTime(ms: number): string {
  if (lastTime.ms !== ms) {
    lastTime.iso = new Date(ms).toISOString();
    lastTime.ms = ms;
  }
  return lastTime.iso;
}
