/** What is merged by key, in order. @module */

import { KeyMap } from "./key_map.ts";

/** How a value joins what there is for its key. */
interface Merge<V, C> {
  readonly create: (value: V) => C;
  readonly merge: (combined: C, value: V) => C;
}

/** Keys in order of first appearance, as a Python `dict` keeps them: of equal ones, as `1` and `True`, the first. */
export class Keyed<K, C> {
  readonly entries: [K, C][] = [];
  readonly #byKey = new KeyMap<K, [K, C]>();

  /** Adds a value to its key's, or makes the key's first. */
  merge<V>(key: K, value: V, { create, merge }: Merge<V, C>): void {
    const found = this.#byKey.get(key);
    if (found !== undefined) {
      found[1] = merge(found[1], value);
      return;
    }
    const entry: [K, C] = [key, create(value)];
    this.#byKey.set(key, entry);
    this.entries.push(entry);
  }

  get size(): number {
    return this.entries.length;
  }

  has(key: K): boolean {
    return this.#byKey.get(key) !== undefined;
  }
}
