/** JavaScript values as JSON, and back: what states and records in a checkpoint may be made of. @module */

import { isPyList, pyList } from "./python_literal.ts";

/** What JSON has no word for. Plain objects are written so too: then nothing else can be taken for it. */
interface Tagged {
  readonly $: "undefined" | "number" | "bigint" | "date" | "list" | "map" | "set" | "object";
  readonly is?: unknown;
}

/** Throws a TypeError that names what cannot be written. */
export function writeValue(value: unknown): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return writeNumber(value);
  if (typeof value === "object") return writeObject(value);
  if (value === undefined) return tagged("undefined");
  if (typeof value === "bigint") return tagged("bigint", String(value));
  throw new TypeError(
    `Cannot save a ${typeof value} in a checkpoint: plain values, arrays, maps, sets and dates can be`,
  );
}

function writeNumber(value: number): unknown {
  if (Number.isFinite(value) && !Object.is(value, -0)) return value;
  return tagged("number", Object.is(value, -0) ? "-0" : String(value));
}

function writeObject(value: object): unknown {
  if (Array.isArray(value)) {
    const items = value.map(writeValue);
    return isPyList(value) ? tagged("list", items) : items;
  }
  if (value instanceof Date) return tagged("date", writeNumber(value.getTime()));
  if (value instanceof Map) return tagged("map", writeValue([...value]));
  if (value instanceof Set) return tagged("set", writeValue([...value]));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return tagged("object", writeValue(Object.entries(value)));
  const name = value.constructor.name;
  throw new TypeError(`Cannot save a ${name} in a checkpoint: plain values, arrays, maps, sets and dates can be`);
}

/** What {@link writeValue} was given, from what it gave. */
export function readValue(written: unknown): unknown {
  if (typeof written !== "object" || written === null) return written;
  if (Array.isArray(written)) return written.map(readValue);
  const { $: kind, is } = written as Tagged;
  return READ[kind](readValue(is) as never);
}

const READ: Readonly<Record<Tagged["$"], (value: never) => unknown>> = {
  undefined: () => undefined,
  number: Number,
  bigint: BigInt,
  date: (ms: number) => new Date(ms),
  list: (items: unknown[]) => pyList(items),
  map: (entries: [unknown, unknown][]) => new Map(entries),
  set: (items: unknown[]) => new Set(items),
  object: (entries: [string, unknown][]) => Object.fromEntries(entries),
};

function tagged($: Tagged["$"], is?: unknown): Tagged {
  return is === undefined ? { $ } : { $, is };
}
