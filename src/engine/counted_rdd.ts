/** Word counts as the records of a batch. @module */

import { decodeCounted, type Counted, type CountedBytes } from "./counted.ts";
import { RDD } from "./rdd.ts";

/** Each word with how often it came, times `value`. */
export function recordsOf({ words, counts }: Counted, value: number): (readonly [string, number])[] {
  return words.map((word, i) => [word, (counts[i] ?? 0) * value]);
}

/** Counts of many words in one partition. They become records when those are first asked for: a million are no small thing. */
export class CountedRDD extends RDD<readonly [string, number]> {
  /** The same in bytes, or undefined where the records are not just counts. */
  readonly counted: CountedBytes | undefined;

  constructor(counted: CountedBytes, value: number) {
    super(() => [recordsOf(decodeCounted(counted), value)], true);
    this.counted = value === 1 ? counted : undefined;
  }
}
