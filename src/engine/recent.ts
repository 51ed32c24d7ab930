/** A few things that were made lately, for who wants the same again. @module */

/** Forgets all when it is full: what is wanted again is soon made again. */
export class Recent<K, V> {
  readonly #most: number;
  readonly #made = new Map<K, V>();

  constructor(most: number) {
    this.#most = most;
  }

  get(key: K): V | undefined {
    return this.#made.get(key);
  }

  set(key: K, value: V): V {
    if (this.#made.size >= this.#most) this.#made.clear();
    this.#made.set(key, value);
    return value;
  }
}
