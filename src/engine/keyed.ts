/** A map by Python's idea of a key. @module */

import { scalarForm, tupleForm } from "./hashable.ts";

/** How a value joins what there is for its key. */
interface Merge<V, C> {
  readonly create: (value: V) => C;
  readonly merge: (combined: C, value: V) => C;
}

/** Keys in order of first appearance, as a Python `dict` keeps them: of equal ones, as `1` and `True`, the first. */
export class Keyed<K, C> {
  readonly entries: [K, C][] = [];
  readonly #byKey = new Map<unknown, [K, C]>();
  /** Arrays are keys by what is in them. */
  readonly #byTuple = new Map<string, [K, C]>();

  /** Adds a value to its key's, or makes the key's first. */
  merge<V>(key: K, value: V, { create, merge }: Merge<V, C>): void {
    const entry = this.#find(key);
    if (entry === undefined) this.#insert([key, create(value)]);
    else entry[1] = merge(entry[1], value);
  }

  get size(): number {
    return this.entries.length;
  }

  has(key: K): boolean {
    return this.#find(key) !== undefined;
  }

  #find(key: K): [K, C] | undefined {
    return Array.isArray(key) ? this.#byTuple.get(tupleForm(key)) : this.#byKey.get(scalarForm(key));
  }

  #insert(entry: [K, C]): void {
    const [key] = entry;
    if (Array.isArray(key)) this.#byTuple.set(tupleForm(key), entry);
    else this.#byKey.set(scalarForm(key), entry);
    this.entries.push(entry);
  }
}
