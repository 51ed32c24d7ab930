/** A map by Python's idea of a key, from which keys can go. @module */

import { pythonLiteral } from "./python_literal.ts";

/** Tuples are equal when their items are. */
export class KeyMap<K, V> {
  readonly #plain = new Map<unknown, V>();
  readonly #tuples = new Map<string, V>();

  get(key: K): V | undefined {
    return Array.isArray(key) ? this.#tuples.get(pythonLiteral(key)) : this.#plain.get(key);
  }

  set(key: K, value: V): void {
    if (Array.isArray(key)) this.#tuples.set(pythonLiteral(key), value);
    else this.#plain.set(key, value);
  }

  delete(key: K): void {
    if (Array.isArray(key)) this.#tuples.delete(pythonLiteral(key));
    else this.#plain.delete(key);
  }

  values(): V[] {
    return [...this.#plain.values(), ...this.#tuples.values()];
  }
}
