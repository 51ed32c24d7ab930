/** The RDDs a stream has made, by batch time: what Spark calls its generated RDDs. @module */

import { messageOf } from "../errors.ts";
import { RDD } from "./rdd.ts";

/** What goes into a checkpoint, and comes back from one. */
export interface Saved {
  /** A name that tells whether a checkpoint is of this program. */
  readonly kind: string;
  save(): unknown;
  restore(value: unknown): void;
}

/** How one RDD stands in a checkpoint; of one that could not be made, why. */
type SavedRdd<T> =
  | { readonly time: number; readonly isByKey: boolean; readonly partitions: readonly (readonly T[])[] }
  | { readonly time: number; readonly failure: string };

/** What came of the making of an RDD. */
type Made<T> = RDD<T> | Failed;

class Failed {
  readonly failure: unknown;

  constructor(failure: unknown) {
    this.failure = failure;
  }
}

/** How long a whole context keeps RDDs. */
interface Keeping {
  readonly rememberMs: number;
}

/**
 * Each batch is made once, whoever asks for it, and kept for as long as someone may ask again. A batch that could not be
 * made fails in the same way each time: a window that should hold it does not come out as if it were whole.
 */
export class Generated<T> implements Saved {
  readonly kind: string;
  readonly #context: Keeping;
  /** By batch time, where more than the last is kept. */
  #made: Map<number, Made<T>> | undefined;
  #keepMs = 0;
  #latest = -Infinity;
  #latestMade: Made<T> | undefined;

  constructor(kind: string, context: Keeping) {
    this.kind = kind;
    this.#context = context;
  }

  /** Keeps each RDD for `ms` after its batch time; without, until the next is made. */
  keep(ms: number): void {
    this.#keepMs = Math.max(this.#keepMs, ms);
  }

  /** Somebody will ask for more than the last one. */
  get isKept(): boolean {
    return this.#keepMs > 0;
  }

  /** The RDD made last, or undefined. */
  get latest(): RDD<T> | undefined {
    return this.#latestMade && given(this.#latestMade);
  }

  /** The RDD of `time`; throws where it could not be made, or is no longer kept. */
  at(time: number): RDD<T> {
    const made = this.#find(time);
    if (made !== undefined) return given(made);
    throw new RangeError(`Cannot give the batch of ${time}: it is not kept, remember() a longer time is wanted`);
  }

  /** The RDD of `time`, made now if it is not there; throws what `make` throws, now and whenever it is asked for. */
  make(time: number, make: (time: number) => RDD<T>): RDD<T> {
    const made = this.#find(time) ?? tried(time, make);
    this.#set(time, made);
    const oldest = this.#latest - Math.max(this.#keepMs, this.#context.rememberMs);
    for (const before of this.#made?.keys() ?? [])
      if (before <= oldest && before !== this.#latest) this.#made?.delete(before);
    return given(made);
  }

  /** The kept ones of the batch times in (after, until], oldest first. */
  between(after: number, until: number): RDD<T>[] {
    const times = [...(this.#made?.keys() ?? [])].filter((time) => time > after && time <= until);
    return times.sort((a, b) => a - b).map((time) => this.at(time));
  }

  #find(time: number): Made<T> | undefined {
    return time === this.#latest ? this.#latestMade : this.#made?.get(time);
  }

  /** Ten thousand sessions keep no more than the last, and need no map for it. */
  #set(time: number, made: Made<T>): void {
    if (this.#keepMs > 0 || this.#context.rememberMs > 0) (this.#made ??= new Map()).set(time, made);
    if (time < this.#latest) return;
    this.#latest = time;
    this.#latestMade = made;
  }

  save(): SavedRdd<T>[] {
    return Array.from(this.#made ?? [], ([time, made]): SavedRdd<T> => {
      try {
        const { isByKey, partitions } = given(made);
        return { time, isByKey, partitions };
      } catch (failure) {
        return { time, failure: messageOf(failure) };
      }
    });
  }

  restore(value: unknown): void {
    for (const saved of value as SavedRdd<T>[]) {
      const made = "failure" in saved ? new Failed(new Error(saved.failure)) : new RDD(saved.partitions, saved.isByKey);
      this.#set(saved.time, made);
    }
  }
}

function tried<T>(time: number, make: (time: number) => RDD<T>): Made<T> {
  try {
    return make(time);
  } catch (failure) {
    return new Failed(failure);
  }
}

function given<T>(made: Made<T>): RDD<T> {
  if (made instanceof Failed) throw made.failure;
  return made;
}

/** What a function gives, or throws, as often as it is asked for. */
export function attempt<R>(run: () => R): () => R {
  try {
    const result = run();
    return () => result;
  } catch (failure) {
    return () => {
      throw failure;
    };
  }
}
