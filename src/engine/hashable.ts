/** Which keys are one to Python: equal numbers of whatever type, so `True` and `1`, and tuples of equal items. @module */

import { isPyList } from "./python_literal.ts";

/** What stands for a key that is no tuple in a `Map`: the same for equal keys. Fails where Python's `hash` does. */
export function scalarForm(key: unknown): unknown {
  if (typeof key === "string" || typeof key === "number") return key;
  if (typeof key === "boolean") return Number(key);
  if (key === null || key === undefined) return null;
  if (typeof key !== "bigint") throw unhashable(`being of type ${typeof key}`);
  const near = Number(key);
  return BigInt(near) === key ? near : key;
}

/** The same of a tuple: a text, which no other tuple has. */
export function tupleForm(items: readonly unknown[]): string {
  mustBeTuple(items);
  return `(${items.map(itemForm).join()})`;
}

function itemForm(item: unknown): string {
  if (Array.isArray(item)) return tupleForm(item);
  const form = scalarForm(item);
  return typeof form === "string" ? JSON.stringify(form) : String(form);
}

/** A Python list can change, and so has no hash. */
export function mustBeTuple(key: readonly unknown[]): void {
  if (isPyList(key)) throw unhashable("being a list");
}

/** The failure to use something as a key. */
export function unhashable(reason: string): TypeError {
  return new TypeError(
    `Cannot use this as a key, ${reason}: a string, number, boolean, null or array of such (no list of Python's) is wanted`,
  );
}
