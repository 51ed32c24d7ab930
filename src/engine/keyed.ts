/** What is merged by key, in order. @module */

import { KeyIndex } from "./key_index.ts";

/** How a value joins what there is for its key. */
interface Merge<V, C> {
  readonly create: (value: V) => C;
  readonly merge: (combined: C, value: V) => C;
}

/** Keys in order of first appearance, as a Python `dict` keeps them: of equal ones, as `1` and `True`, the first. */
export class Keyed<K, C> {
  readonly #index = new KeyIndex<K>();
  readonly #values: C[] = [];
  readonly #own: (key: K) => K;

  /** `own` makes what is kept of a key. */
  constructor(own: (key: K) => K = (key) => key) {
    this.#own = own;
  }

  /** Adds a value to its key's, or makes the key's first. */
  merge<V>(key: K, value: V, { create, merge }: Merge<V, C>): void {
    const place = this.#index.find(key);
    if (place !== -1) {
      this.#values[place] = merge(this.#values[place] as C, value);
      return;
    }
    // A value that cannot be made leaves no key.
    const created = create(value);
    this.#index.add(this.#own(key));
    this.#values.push(created);
  }

  get entries(): [K, C][] {
    return this.#index.keys.map((key, place) => [key, this.#values[place] as C]);
  }

  get size(): number {
    return this.#values.length;
  }

  has(key: K): boolean {
    return this.#index.find(key) !== -1;
  }
}
