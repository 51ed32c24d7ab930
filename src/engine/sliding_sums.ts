/** Sums by key of a window of batches, made from those of the window before. @module */

import { KeyIndex } from "./key_index.ts";
import { RDD } from "./rdd.ts";

/** No sum of so many numbers below so much is rounded: they may be added in any order. */
const MOST_BATCHES = 2 ** 12;
const MOST = 2 ** 40;
/** Keys that have left are forgotten when there are more of them than of those that are left, and than so many. */
const MOST_LEFT = 1024;

type Records<K> = readonly (readonly [K, number])[];
type SumsRdd<K> = RDD<readonly [K, number]>;

/** What is known of a batch in the window, by the places of its records. */
interface Batch<K> {
  readonly records: Records<K>;
  /** Places of their keys. */
  readonly places: Int32Array;
  /** Which batch has the same key next, and where. */
  readonly nextBatch: Float64Array;
  readonly nextAt: Int32Array;
  /** Records that are the first of their key in the window: 1. */
  readonly isFirst: Uint8Array;
  firsts: number;
}

/**
 * Adds what comes and takes away what leaves, and gives what adding up all batches anew would: keys stand where they
 * first appear in the window. That is so for whole numbers only; after the first other value there are no more sums.
 */
export class SlidingSums<K> {
  readonly #partitions: number;
  #batches: readonly SumsRdd<K>[] = [];
  #sums: readonly PartitionSums<K>[] = [];
  #isOff = false;

  constructor(partitions: number) {
    this.#partitions = partitions;
  }

  /** The sums of batches by key, oldest first; undefined where they are not to be had so. */
  of(batches: readonly SumsRdd<K>[]): SumsRdd<K> | undefined {
    if (this.#isOff || batches.length > MOST_BATCHES) return undefined;
    const known = this.#follow(batches);
    this.#batches = [];
    for (const batch of batches.slice(known)) {
      if (!batch.partitions.every(areWhole)) {
        this.#isOff = true;
        this.#sums = [];
        return undefined;
      }
      this.#sums.forEach((sums, i) => sums.add(batch.partitions[i] ?? []));
    }
    this.#batches = batches;
    return new RDD(
      this.#sums.map((sums) => sums.records()),
      true,
    );
  }

  /** Takes away what is not in the window; gives how many of the batches are in it already. */
  #follow(batches: readonly SumsRdd<K>[]): number {
    const before = this.#batches;
    const gone = before.indexOf(batches[0] ?? RDD.of([]));
    const isNext = gone !== -1 && before.slice(gone).every((batch, i) => batch === batches[i]);
    if (!isNext || this.#sums.some((sums) => sums.isSparse)) {
      this.#sums = Array.from({ length: this.#partitions }, () => new PartitionSums<K>());
      return 0;
    }
    for (let i = 0; i < gone; i++) for (const sums of this.#sums) sums.takeOldest();
    return before.length - gone;
  }
}

function areWhole(records: readonly (readonly [unknown, unknown])[]): boolean {
  return records.every(
    ([, value]) => Number.isInteger(value) && Math.abs(value as number) <= MOST && !Object.is(value, -0),
  );
}

class PartitionSums<K> {
  readonly #index = new KeyIndex<K>();
  /** By the places of keys. */
  readonly #totals: number[] = [];
  readonly #batchesWith: number[] = [];
  readonly #lastBatch: number[] = [];
  readonly #lastAt: number[] = [];
  #alive = 0;
  readonly #batches = new Map<number, Batch<K>>();
  #oldest = 0;
  #next = 0;

  /** Most of the keys it knows have left. */
  get isSparse(): boolean {
    const left = this.#index.keys.length - this.#alive;
    return left > MOST_LEFT && left > this.#alive;
  }

  add(records: Records<K>): void {
    const { length } = records;
    const [places, nextAt] = [new Int32Array(length), new Int32Array(length)];
    const nextBatch = new Float64Array(length).fill(-1);
    const batch: Batch<K> = { records, places, nextBatch, nextAt, isFirst: new Uint8Array(length), firsts: 0 };
    const id = this.#next++;
    this.#batches.set(id, batch);
    records.forEach(([key, value], at) => {
      const place = this.#placeOf(key);
      places[at] = place;
      if (this.#batchesWith[place] === 0) this.#begin(batch, at);
      else this.#link(place, id, at);
      this.#totals[place] = (this.#totals[place] as number) + value;
      (this.#batchesWith[place] as number)++;
      this.#lastBatch[place] = id;
      this.#lastAt[place] = at;
    });
  }

  takeOldest(): void {
    const gone = this.#batches.get(this.#oldest);
    this.#batches.delete(this.#oldest++);
    gone?.records.forEach(([, value], at) => {
      const place = gone.places[at] as number;
      this.#totals[place] = (this.#totals[place] as number) - value;
      (this.#batchesWith[place] as number)--;
      this.#alive--;
      const heir = this.#batches.get(gone.nextBatch[at] as number);
      if (heir !== undefined) this.#begin(heir, gone.nextAt[at] as number);
    });
  }

  records(): (readonly [K, number])[] {
    const made: (readonly [K, number])[] = [];
    for (const { records, places, isFirst, firsts } of this.#batches.values()) {
      if (firsts === 0) continue;
      for (let at = 0; at < records.length; at++) {
        if (isFirst[at] === 0) continue;
        const record = records[at] as readonly [K, number];
        const total = this.#totals[places[at] as number] as number;
        made.push(record[1] === total ? record : [record[0], total]);
      }
    }
    return made;
  }

  #placeOf(key: K): number {
    const found = this.#index.find(key);
    if (found !== -1) return found;
    this.#index.add(key);
    this.#totals.push(0);
    this.#batchesWith.push(0);
    this.#lastBatch.push(-1);
    return this.#lastAt.push(-1) - 1;
  }

  /** A record is now the first of its key. */
  #begin(batch: Batch<K>, at: number): void {
    batch.isFirst[at] = 1;
    batch.firsts++;
    this.#alive++;
  }

  /** The key's last record before has one after it. */
  #link(place: number, id: number, at: number): void {
    const last = this.#batches.get(this.#lastBatch[place] as number);
    if (last === undefined) return;
    const lastAt = this.#lastAt[place] as number;
    last.nextBatch[lastAt] = id;
    last.nextAt[lastAt] = at;
  }
}
