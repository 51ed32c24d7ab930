/** How long something takes: durations counted in buckets, without allocation. @module */

/** Renard's ten preferred numbers of a decade: each a quarter more than the one before. */
const DECADE = [1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8] as const;
/** Upper bounds of the buckets in ms, from 0.1 ms to 100 s. */
const BOUNDS: readonly number[] = [
  ...[0.1, 1, 10, 100, 1000, 10_000].flatMap((unit) => DECADE.map((each) => Number((each * unit).toPrecision(3)))),
  100_000,
];
/** Where the sum is, behind the buckets and what is above them all. */
const SUM = BOUNDS.length + 1;

/** A histogram as Prometheus has them: a bucket's count includes those of the buckets before it. */
export interface HistogramReading {
  /** Upper bounds in ms, in order; what is above the last is in `count` alone. */
  readonly le: readonly number[];
  readonly counts: readonly number[];
  readonly count: number;
  readonly sum: number;
}

/** Durations in ms. */
export class Histogram {
  readonly #cells = new Float64Array(SUM + 1);

  record(ms: number): void {
    let bucket = 0;
    let above = BOUNDS.length;
    while (bucket < above) {
      const middle = (bucket + above) >> 1;
      if (ms > (BOUNDS[middle] as number)) bucket = middle + 1;
      else above = middle;
    }
    const cells = this.#cells;
    (cells[bucket] as number)++;
    (cells[SUM] as number) += ms;
  }

  get reading(): HistogramReading {
    const cells = this.#cells;
    let below = 0;
    const counts = BOUNDS.map((_, bucket) => (below += cells[bucket] as number));
    return { le: BOUNDS, counts, count: below + (cells[BOUNDS.length] as number), sum: cells[SUM] as number };
  }
}
