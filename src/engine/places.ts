/** Where the keys of a batch stand in its partitions, carried from one batch to the next. @module */

import { KeyIndex } from "./key_index.ts";
import type { RDD } from "./rdd.ts";

/** Batches that follow from each other, each key once and in its partition, have nearly the same keys at the same places. */
export class Places<K> {
  #of: RDD<readonly [K, unknown]> | undefined;
  #indexes: readonly KeyIndex<K>[] = [];

  /** The keys of each partition, to be added to as the next batch has more. */
  take(rdd: RDD<readonly [K, unknown]>): readonly KeyIndex<K>[] {
    const indexes = rdd === this.#of ? this.#indexes : rdd.partitions.map(indexOf);
    // If the next batch fails, they fit none.
    this.#of = undefined;
    return indexes;
  }

  /** Keeps them for what comes after `rdd`, unless keys have gone from it. */
  keep(rdd: RDD<readonly [K, unknown]>, indexes: readonly KeyIndex<K>[]): void {
    if (rdd.partitions.some(({ length }, i) => length !== indexes[i]?.keys.length)) return;
    this.#of = rdd;
    this.#indexes = indexes;
  }
}

function indexOf<K>(records: readonly (readonly [K, unknown])[]): KeyIndex<K> {
  const index = new KeyIndex<K>();
  for (const record of records) index.add(record[0]);
  return index;
}
