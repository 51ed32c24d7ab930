/** A map by Python's idea of a key: tuples are equal when their items are. @module */

import { pythonLiteral } from "./python_literal.ts";

/** How a value joins what there is for its key. */
interface Merge<V, C> {
  readonly create: (value: V) => C;
  readonly merge: (combined: C, value: V) => C;
}

/** Keys in order of first appearance, as a Python `dict` keeps them. */
export class Keyed<K, C> {
  readonly entries: [K, C][] = [];
  readonly #places = new Map<unknown, number>();
  /** Arrays are keys by what is in them. */
  readonly #tuples = new Map<string, number>();

  /** Adds a value to its key's, or makes the key's first. */
  merge<V>(key: K, value: V, { create, merge }: Merge<V, C>): void {
    const place = this.#placeOf(key);
    const entry = place === undefined ? undefined : this.entries[place];
    if (entry === undefined) this.#insert(key, create(value));
    else entry[1] = merge(entry[1], value);
  }

  get size(): number {
    return this.entries.length;
  }

  has(key: K): boolean {
    return this.#placeOf(key) !== undefined;
  }

  #placeOf(key: K): number | undefined {
    return Array.isArray(key) ? this.#tuples.get(pythonLiteral(key)) : this.#places.get(key);
  }

  #insert(key: K, combined: C): void {
    if (Array.isArray(key)) this.#tuples.set(pythonLiteral(key), this.entries.length);
    else this.#places.set(key, this.entries.length);
    this.entries.push([key, combined]);
  }
}
