/** Batches kept in memory, bounded by number and by size. @module */

import { inSlices, type Cancel } from "../clock.ts";
import {
  ManyWords,
  NO_TOTALS,
  randomName,
  seal,
  type Batch,
  type BatchLog,
  type Cut,
  type Hashing,
  type Totals,
} from "../sessions/mod.ts";

/** The bounds of a log. */
export interface MemoryLogLimits {
  readonly maxBatches: number;
  readonly maxHistoryBytes: number;
}

/** What a batch costs on the heap beside its words, as measured. */
const BATCH_BYTES = 1300;

/** Lives as long as the process. `append` is as safe as memory is when it resolves. */
export class MemoryLog implements BatchLog {
  readonly epoch: string = randomName(8);
  readonly #limits: MemoryLogLimits;
  readonly #hashing: Hashing;
  readonly #batches = new Map<number, Batch>();
  readonly #listeners = new Set<() => void>();
  #newest: Batch | undefined;
  #tail = 1;
  #bytes = 0;

  constructor(limits: MemoryLogLimits, hashing: Hashing) {
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

  append(cut: Cut): Promise<Batch> {
    if (!(cut.counts instanceof ManyWords)) return Promise.resolve(this.#keep(cut));
    const hash = inSlices(cut.counts.hash(this.#hashing.newHash()));
    return hash.then((countsHash) => this.#keep({ ...cut, countsHash }));
  }

  #keep(cut: Cut & { readonly countsHash?: string }): Batch {
    const batch = seal(cut, this.#newest, { epoch: this.epoch, inc: 1, digest: this.#hashing.digest });
    this.#newest = batch;
    this.#batches.set(batch.seq, batch);
    this.#bytes += sizeOf(batch);
    this.#trim();
    for (const listener of this.#listeners) listener();
    return batch;
  }

  read(seq: number): Batch | undefined {
    return this.#batches.get(seq);
  }

  onAppend(listener: () => void): Cancel {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #trim(): void {
    const { maxBatches, maxHistoryBytes } = this.#limits;
    while (this.#tail < this.head && (this.#batches.size > maxBatches || this.#bytes > maxHistoryBytes)) {
      const oldest = this.#batches.get(this.#tail);
      if (oldest !== undefined) this.#bytes -= sizeOf(oldest);
      this.#batches.delete(this.#tail);
      this.#tail++;
    }
  }
}

function sizeOf(batch: Batch): number {
  return BATCH_BYTES + batch.counts.heapBytes;
}
