/** A client that believes nothing: it checks every batch against those before, and against what others were told. @module */

import { canonical, type Batch } from "../../src/sessions/batch.ts";
import { WordCounts } from "../../src/sessions/mod.ts";
import type { BatchJson, HelloJson } from "../runtime/json.ts";
import { digest } from "./sessions.ts";

/** What any client was ever told under a batch's id. */
export type Seen = Map<string, string>;

/** What a client is told. */
export type Frame =
  | ({ readonly type: "hello" } & HelloJson)
  | ({ readonly type: "batch" } & BatchJson)
  | { readonly type: "gap"; readonly from: string; readonly to: string }
  | { readonly type: "state" | "head" | "end" };

/** Reads frames; what is wrong is thrown. */
export class CheckingClient {
  /** The last batch seen, by its cursor; undefined before the first. */
  cursor: string | undefined;
  readonly batches: number[] = [];
  readonly #seen: Seen;
  readonly #tail: () => number;
  #lastBatch: BatchJson | undefined;
  /** The batch before the next one, where it was seen. */
  #last: BatchJson | undefined;
  /** The number of the next batch, when it is known. */
  #next: number | undefined;

  /** `tail`: the number of the oldest batch kept now; what is kept cannot be a gap. */
  constructor(seen: Seen, tail: () => number = () => Infinity) {
    this.#seen = seen;
    this.#tail = tail;
  }

  read(frame: Frame): void {
    if (frame.type === "hello") this.#hello(frame);
    else if (frame.type === "gap") this.#gap(seqOf(frame.from), seqOf(frame.to));
    else if (frame.type === "batch") this.#batch(frame);
  }

  #hello({ status, asked }: HelloJson): void {
    must((asked ?? undefined) === this.cursor, `hello answers ${asked}, and ${this.cursor} was asked for`);
    must(status !== "reset", "a reset, though the log was never lost");
    // A gap it was told of before is told again.
    this.#last = this.#lastBatch;
    this.#next = this.cursor === undefined ? undefined : seqOf(this.cursor) + 1;
  }

  #gap(from: number, to: number): void {
    must(this.#next === undefined || from === this.#next, `a gap from ${from} where ${this.#next} was to come`);
    must(to >= from && to < this.#tail(), `a gap from ${from} to ${to}, and ${this.#tail()} is kept`);
    this.#next = to + 1;
    this.#last = undefined;
  }

  #batch(batch: BatchJson): void {
    const { cursor, seq } = batch;
    must(this.#next === undefined || seq === this.#next, `I1: batch ${seq} where ${this.#next} was to come`);
    const said = JSON.stringify(batch);
    must((this.#seen.get(cursor) ?? said) === said, `I5: batch ${seq} is not what it was`);
    this.#seen.set(cursor, said);
    if (this.#last !== undefined) follows(batch, this.#last);
    adds(batch);
    this.#last = batch;
    this.#lastBatch = batch;
    this.#next = seq + 1;
    this.cursor = cursor;
    this.batches.push(seq);
  }
}

/** Against the batch before. */
function follows(batch: BatchJson, last: BatchJson): void {
  for (const field of ["lines", "words", "bytes"] as const) {
    const wanted = last.total[field] + batch[field];
    must(batch.total[field] === wanted, `I2: total ${field} of ${batch.seq} is ${batch.total[field]}, not ${wanted}`);
  }
  must(batch.total.batches === batch.seq, `I2: batch ${batch.seq} is said to be number ${batch.total.batches}`);
  must(batch.prev === last.hash, `I3: batch ${batch.seq} does not follow ${last.seq}`);
  must(batch.time > last.time, `batch ${batch.seq} is not later than the one before`);
  must(batch.inc >= last.inc, `I6: inc falls at ${batch.seq}`);
  const { reason } = (batch.sourceGap ?? {}) as { reason?: string };
  must(
    batch.inc > last.inc === (reason === "reader_restart"),
    `I6: inc is ${batch.inc} at ${batch.seq}, sourceGap ${reason}`,
  );
}

/** In itself. */
function adds(batch: BatchJson): void {
  const words = batch.counts.reduce((sum, [, count]) => sum + count, batch.otherWords);
  must(words === batch.words, `I4: the words of ${batch.seq} are ${words}, not ${batch.words}`);
  must(digest(JSON.stringify(batch.counts)) === batch.countsHash, `I3: countsHash of ${batch.seq}`);
  const whole = { ...batch, time: Date.parse(batch.time), counts: new WordCounts(batch.counts) };
  must(digest(canonical(whole as unknown as Batch)) === batch.hash, `I3: hash of ${batch.seq}`);
}

/** Throws what is wrong. */
export function must(isTrue: boolean, wrong: string): void {
  if (!isTrue) throw new Error(wrong);
}

function seqOf(cursor: string): number {
  return Number(cursor.split(":")[1]);
}
