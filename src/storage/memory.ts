/** Batches kept in memory, bounded by number and by size. @module */

import { inSlices, type Cancel } from "../clock.ts";
import {
  Histogram,
  isTooMuch,
  ManyWords,
  NO_TOTALS,
  randomName,
  seal,
  type Batch,
  type BatchLog,
  type Cut,
  type Delays,
  type Hashing,
  type HistoryLimits,
  type Kept,
  type PreparedBatch,
  type SessionStore,
  type Totals,
} from "../sessions/mod.ts";

/** Sessions and batches live as long as the process. */
export class MemoryStore implements SessionStore {
  readonly isDurable = false;
  readonly kept: readonly Kept[] = [];
  readonly trouble = null;
  readonly pending = 0;
  readonly commits: Histogram = new Histogram();
  readonly #limits: HistoryLimits;
  readonly #hashing: Hashing;

  constructor(limits: HistoryLimits, hashing: Hashing) {
    this.#limits = limits;
    this.#hashing = hashing;
  }

  watch(): Cancel {
    return () => {};
  }

  create(): Promise<BatchLog> {
    return Promise.resolve(new MemoryLog(this.#limits, this.#hashing));
  }

  end(): Promise<void> {
    return Promise.resolve();
  }

  forget(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** What a batch costs on the heap beside its words, as measured. */
const BATCH_BYTES = 1300;

/** Lives as long as the process. `append` is as safe as memory is when it resolves. */
export class MemoryLog implements BatchLog {
  readonly epoch: string = randomName(8);
  readonly #limits: HistoryLimits;
  readonly #hashing: Hashing;
  /** From the tail on; the newest may be missing until all is tidy. */
  readonly #batches: Batch[] = [];
  #listeners: Set<() => void> | undefined;
  #newest: Batch | undefined;
  #tail = 1;
  #bytes = 0;

  constructor(limits: HistoryLimits, hashing: Hashing) {
    this.#limits = limits;
    this.#hashing = hashing;
  }

  get head(): number {
    return this.#newest?.seq ?? 0;
  }

  get tail(): number {
    return this.#tail;
  }

  get total(): Totals {
    return this.#newest?.total ?? NO_TOTALS;
  }

  get bytes(): number {
    return this.#bytes;
  }

  prepare(cut: Cut): PreparedBatch {
    const sealed: Omit<Batch, "delays"> & { delays: Delays } = this.#seal(cut);
    return {
      append: (delays) => {
        sealed.delays = delays;
        this.#add(sealed);
        return undefined;
      },
      // What is touched here has not been for a whole interval, which is slow.
      settle: () => this.#tidy(sealed),
    };
  }

  append(cut: Cut): Promise<void> | undefined {
    if (cut.counts instanceof ManyWords) {
      const hash = inSlices(cut.counts.hash(this.#hashing.newHash()));
      return hash.then((countsHash) => this.#keep(this.#seal({ ...cut, countsHash })));
    }
    this.#keep(this.#seal(cut));
    return undefined;
  }

  #keep(batch: Batch): void {
    this.#add(batch);
    this.#tidy(batch);
  }

  #add(batch: Batch): void {
    this.#newest = batch;
    if (this.#listeners !== undefined) for (const listener of this.#listeners) listener();
  }

  /** Lets go of what the log wants no more, now that it has this batch. */
  #tidy(newest: Batch): void {
    const before = this.#batches.at(-1);
    if (before !== undefined) before.texts = undefined;
    this.#batches.push(newest);
    this.#bytes += sizeOf(newest);
    this.#trim();
  }

  read(seq: number): Batch | undefined {
    return seq === this.head ? this.#newest : this.#batches[seq - this.#tail];
  }

  onAppend(listener: () => void): Cancel {
    const listeners = (this.#listeners ??= new Set());
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  #seal(cut: Cut & { readonly countsHash?: string }): Batch {
    return seal(cut, this.#newest, { epoch: this.epoch, inc: 1, digest: this.#hashing.digest });
  }

  #trim(): void {
    while (this.#tail < this.head && this.#isOver()) {
      const oldest = this.#batches.shift();
      if (oldest !== undefined) this.#bytes -= sizeOf(oldest);
      this.#tail++;
    }
  }

  #isOver(): boolean {
    const ageMs = (this.#newest?.time ?? 0) - (this.#batches[0]?.time ?? 0);
    return isTooMuch({ batches: this.#batches.length, bytes: this.#bytes, ageMs }, this.#limits);
  }
}

function sizeOf(batch: Batch): number {
  return BATCH_BYTES + batch.counts.heapBytes;
}
