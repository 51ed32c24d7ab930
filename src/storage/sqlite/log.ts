/** The batches of one session as rows. @module */

import { inSlices, type Cancel } from "../../clock.ts";
import {
  isTooMuch,
  ManyWords,
  NO_TOTALS,
  seal,
  type Batch,
  type BatchLog,
  type Cut,
  type Delays,
  type Hashing,
  type HistoryLimits,
  type PreparedBatch,
  type Totals,
} from "../../sessions/mod.ts";
import type { GroupCommit } from "./group_commit.ts";
import { batchOf, rowOf } from "./encoding.ts";
import type { BatchRow, BatchSize, RowReader } from "./rows.ts";
import { sizeOf } from "./size.ts";

/** What a log has at hand. */
export interface LogParts {
  readonly key: number;
  readonly epoch: string;
  /** Of this writer. */
  readonly inc: number;
  readonly limits: HistoryLimits;
  readonly hashing: Hashing;
  readonly commits: GroupCommit;
  readonly reader: RowReader;
  /** What has been kept, oldest first. */
  readonly kept: readonly BatchSize[];
}

/** Appends in groups with the logs of all sessions; nobody is told of a batch before it is on the disk. */
export class DurableLog implements BatchLog {
  readonly epoch: string;
  readonly #parts: LogParts;
  /** The batches kept, oldest first. */
  readonly #kept: BatchSize[];
  readonly #listeners = new Set<() => void>();
  #bytes: number;
  /** The newest that is on the disk. */
  #newest: Batch | undefined;
  /** The newest that has been numbered. */
  #sealed: Batch | undefined;

  /** Goes on after what has been kept. */
  constructor(parts: LogParts) {
    const { key, epoch, reader, kept } = parts;
    this.epoch = epoch;
    this.#parts = parts;
    this.#kept = [...kept];
    this.#bytes = kept.reduce((sum, { size }) => sum + size, 0);
    const newest = kept.at(-1);
    this.#newest = newest && found(reader.batch(key, newest.time));
    this.#sealed = this.#newest;
    // What was to go when the process before ended goes now: a tail never moves back.
    this.#trim();
  }

  get head(): number {
    return this.#newest?.seq ?? 0;
  }

  get tail(): number {
    return this.head - this.#kept.length + 1;
  }

  get total(): Totals {
    return this.#newest?.total ?? NO_TOTALS;
  }

  get bytes(): number {
    return this.#bytes;
  }

  append(cut: Cut): Promise<void> {
    if (!(cut.counts instanceof ManyWords)) return this.#keep(this.#seal(cut));
    const hash = inSlices(cut.counts.hash(this.#parts.hashing.newHash()));
    return hash.then((countsHash) => this.#keep(this.#seal({ ...cut, countsHash })));
  }

  prepare(cut: Cut): PreparedBatch {
    const sealed: Omit<Batch, "delays"> & { delays: Delays } = this.#seal(cut);
    const rowWith = rowOf(sealed);
    return {
      append: (delays) => {
        sealed.delays = delays;
        return this.#keep(sealed, rowWith(delays));
      },
    };
  }

  #seal(cut: Cut & { readonly countsHash?: string }): Batch {
    const { inc, hashing } = this.#parts;
    return seal(cut, this.#sealed, { epoch: this.epoch, inc, digest: hashing.digest });
  }

  async #keep(batch: Batch, row: BatchRow = rowOf(batch)(batch.delays)): Promise<void> {
    const { key, commits } = this.#parts;
    this.#sealed = batch;
    await commits.add({ type: "batch", key, ...row });
    if (this.#newest !== undefined) this.#newest.texts = undefined;
    this.#newest = batch;
    this.#kept.push({ time: batch.time, size: sizeOf(row) });
    this.#bytes += sizeOf(row);
    this.#trim();
    for (const listener of this.#listeners) listener();
  }

  read(seq: number): Batch | undefined {
    if (seq < this.tail || seq > this.head) return undefined;
    if (seq === this.head) return this.#newest;
    const { key, reader } = this.#parts;
    const { time } = this.#kept[seq - this.tail] as BatchSize;
    return found(reader.batch(key, time));
  }

  /** By what its rows are known. */
  get key(): number {
    return this.#parts.key;
  }

  /** Batch times of what is kept. */
  get times(): number[] {
    return this.#kept.map(({ time }) => time);
  }

  onAppend(listener: () => void): Cancel {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The tail moves first, then the rows go: nobody is promised a batch that may not be there. */
  #trim(): void {
    const times: number[] = [];
    while (this.#kept.length > 1 && this.#isOver()) {
      const { time, size } = this.#kept.shift() as BatchSize;
      this.#bytes -= size;
      times.push(time);
    }
    const { key, commits } = this.#parts;
    if (times.length > 0) void commits.add({ type: "trim", key, times });
  }

  #isOver(): boolean {
    const ageMs = (this.#kept.at(-1)?.time ?? 0) - (this.#kept[0]?.time ?? 0);
    return isTooMuch({ batches: this.#kept.length, bytes: this.#bytes, ageMs }, this.#parts.limits);
  }
}

function found(row: BatchRow | undefined): Batch | undefined {
  return row === undefined ? undefined : batchOf(row);
}
