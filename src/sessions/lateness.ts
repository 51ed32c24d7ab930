/** How late batches are: a histogram for all sessions together. @module */

/** Upper bounds of the buckets in ms: each a quarter more than the one before, from 0.1 ms to more than a minute. */
const BOUNDS: readonly number[] = Array.from({ length: 62 }, (_, i) => Number((0.1 * 1.25 ** i).toPrecision(3)));

/** A histogram as Prometheus has them: a bucket's count includes those of the buckets before it. */
export interface Histogram {
  /** Upper bounds in ms, in order; what is above the last is in `count` alone. */
  readonly le: readonly number[];
  readonly counts: readonly number[];
  readonly count: number;
  readonly sum: number;
}

/** From a batch's time until it is sealed, in its log, and written to those who follow. */
export class Lateness {
  readonly #counts = new Float64Array(BOUNDS.length + 1);
  #count = 0;
  #sum = 0;

  record(ms: number): void {
    let bucket = 0;
    while (bucket < BOUNDS.length && ms > (BOUNDS[bucket] as number)) bucket++;
    (this.#counts[bucket] as number)++;
    this.#count++;
    this.#sum += ms;
  }

  get histogram(): Histogram {
    let below = 0;
    const counts = BOUNDS.map((_, i) => (below += this.#counts[i] as number));
    return { le: BOUNDS, counts, count: this.#count, sum: this.#sum };
  }
}
