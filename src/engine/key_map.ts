/** A map by Python's idea of a key: equal numbers are one, whatever their type, and so are tuples of equal items. @module */

import { scalarForm, tupleForm } from "./hashable.ts";

/** What is kept for each key. Fails where Python's `hash` does. */
export class KeyMap<K, V> {
  readonly #scalars = new Map<unknown, V>();
  readonly #tuples = new Map<string, V>();

  get(key: K): V | undefined {
    return Array.isArray(key) ? this.#tuples.get(tupleForm(key)) : this.#scalars.get(scalarForm(key));
  }

  set(key: K, value: V): void {
    if (Array.isArray(key)) this.#tuples.set(tupleForm(key), value);
    else this.#scalars.set(scalarForm(key), value);
  }

  delete(key: K): void {
    if (Array.isArray(key)) this.#tuples.delete(tupleForm(key));
    else this.#scalars.delete(scalarForm(key));
  }

  values(): V[] {
    return [...this.#scalars.values(), ...this.#tuples.values()];
  }
}
