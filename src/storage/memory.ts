/** Batches kept in memory, bounded by number and by size. @module */

import type { Cancel } from "../clock.ts";
import {
  NO_TOTALS,
  randomName,
  seal,
  type Batch,
  type BatchLog,
  type Cut,
  type Digest,
  type Kept,
  type Limits,
  type SessionStore,
  type Totals,
} from "../sessions/mod.ts";

/** Sessions and batches live as long as the process. */
export class MemoryStore implements SessionStore {
  readonly isDurable = false;
  readonly kept: readonly Kept[] = [];
  readonly trouble = null;
  readonly #limits: MemoryLogLimits;
  readonly #digest: Digest;

  constructor(limits: MemoryLogLimits, digest: Digest) {
    this.#limits = limits;
    this.#digest = digest;
  }

  watch(): Cancel {
    return () => {};
  }

  create(): Promise<BatchLog> {
    return Promise.resolve(new MemoryLog(this.#limits, this.#digest));
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

/** The bounds of a log. */
type MemoryLogLimits = Pick<Limits, "maxBatches" | "maxHistoryBytes" | "maxHistoryMs">;

/** A guess at what a batch and each of its words cost on the heap. */
const BATCH_BYTES = 1000;
const WORD_BYTES = 100;

/** Lives as long as the process. `append` is as safe as memory is when it resolves. */
export class MemoryLog implements BatchLog {
  readonly epoch: string = randomName(8);
  readonly #limits: MemoryLogLimits;
  readonly #digest: Digest;
  readonly #batches = new Map<number, Batch>();
  readonly #listeners = new Set<() => void>();
  #newest: Batch | undefined;
  #tail = 1;
  #bytes = 0;

  constructor(limits: MemoryLogLimits, digest: Digest) {
    this.#limits = limits;
    this.#digest = digest;
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

  append(cut: Cut): Promise<Batch> {
    const batch = seal(cut, this.#newest, { epoch: this.epoch, inc: 1, digest: this.#digest });
    this.#newest = batch;
    this.#batches.set(batch.seq, batch);
    this.#bytes += sizeOf(batch);
    this.#trim();
    for (const listener of this.#listeners) listener();
    return Promise.resolve(batch);
  }

  read(seq: number): Batch | undefined {
    return this.#batches.get(seq);
  }

  onAppend(listener: () => void): Cancel {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #trim(): void {
    while (this.#tail < this.head && this.#isOver()) {
      const oldest = this.#batches.get(this.#tail);
      if (oldest !== undefined) this.#bytes -= sizeOf(oldest);
      this.#batches.delete(this.#tail);
      this.#tail++;
    }
  }

  #isOver(): boolean {
    const { maxBatches, maxHistoryBytes, maxHistoryMs } = this.#limits;
    const [oldest, newest] = [this.#batches.get(this.#tail), this.#newest];
    const age = (newest?.time ?? 0) - (oldest?.time ?? 0);
    return this.#batches.size > maxBatches || this.#bytes > maxHistoryBytes || age > maxHistoryMs;
  }
}

function sizeOf(batch: Batch): number {
  return BATCH_BYTES + WORD_BYTES * batch.counts.size;
}
