/** Which partition a key goes to: PySpark's `portable_hash`. @module */

import { mustBeTuple, unhashable } from "./hashable.ts";
import { siphash13 } from "./siphash.ts";

/** CPython's modulus for the hashes of numbers: 2^61 - 1, a prime. */
const NUMBER_MODULUS = 2n ** 61n - 1n;
const MAX_SIZE = 2n ** 63n - 1n;
const INFINITY_HASH = 314_159n;
/** So few partitions that a hash's remainder can be had by the halves, in doubles. */
const MOST_PLAIN = 2 ** 20;

/** `portable_hash(key) % partitions` of PySpark on Python 3.11 or later, its workers run with PYTHONHASHSEED=0. */
export function partitionOf(key: unknown, partitions: number): number {
  // What could be unhashable is looked at even so.
  if (partitions === 1 && typeof key !== "object") return 0;
  if (typeof key === "string" && partitions <= MOST_PLAIN) return remainderOfString(key, partitions);
  const n = BigInt(partitions);
  return Number(((portableHash(key) % n) + n) % n);
}

/** PySpark's `portable_hash` of a string, number, boolean, null (None) or array of such (tuple). */
function portableHash(key: unknown): bigint {
  if (key === null || key === undefined) return 0n;
  if (Array.isArray(key)) return hashTuple(key);
  if (typeof key === "string") return hashString(key);
  if (typeof key === "number") return Number.isInteger(key) ? hashInteger(BigInt(key)) : hashFraction(key);
  if (typeof key === "bigint") return hashInteger(key);
  if (typeof key === "boolean") return key ? 1n : 0n;
  throw unhashable(`being of type ${typeof key}`);
}

/** What {@link hashString} leaves, without a BigInt: many words go this way. */
function remainderOfString(text: string, n: number): number {
  if (text === "") return 0;
  const [hi, lo] = sipOf(text);
  const low = hi === 0xffffffff && lo === 0xffffffff ? lo - 1 : lo;
  const rest = (((hi | 0) % n) * (2 ** 32 % n) + (low % n)) % n;
  return rest < 0 ? rest + n : rest;
}

function hashTuple(items: readonly unknown[]): bigint {
  mustBeTuple(items);
  let hash = 0x345678n;
  for (const item of items) hash = ((hash ^ portableHash(item)) * 1_000_003n) & MAX_SIZE;
  return hash ^ BigInt(items.length);
}

function hashString(text: string): bigint {
  if (text === "") return 0n;
  const [hi, lo] = sipOf(text);
  return neverMinusOne(BigInt.asIntN(64, (BigInt(hi) << 32n) | BigInt(lo)));
}

function hashInteger(value: bigint): bigint {
  // BigInt's remainder has the sign of the dividend, as CPython's reduction of the magnitude has.
  return neverMinusOne(value % NUMBER_MODULUS);
}

/** A fraction's hash is that of numerator * 2^-exponent modulo the prime, where 2^61 is 1. */
function hashFraction(value: number): bigint {
  if (!Number.isFinite(value)) return value > 0 ? INFINITY_HASH : value < 0 ? -INFINITY_HASH : 0n;
  let numerator = Math.abs(value);
  let exponent = 0n;
  for (; !Number.isInteger(numerator); exponent++) numerator *= 2;
  const halves = 61n - (exponent % 61n);
  const hash = ((BigInt(numerator) % NUMBER_MODULUS) * 2n ** halves) % NUMBER_MODULUS;
  return neverMinusOne(value < 0 ? -hash : hash);
}

/** In CPython -1 says that hashing failed. */
function neverMinusOne(hash: bigint): bigint {
  return hash === -1n ? -2n : hash;
}

/** Where a short string's characters are put to be hashed. */
const SHORT = new Uint8Array(64);

/** The hash of a string's characters as CPython holds them: 1, 2 or 4 bytes each, as the widest needs (PEP 393), little-endian. */
function sipOf(text: string): readonly [number, number] {
  const { length } = text;
  const narrow = length <= SHORT.length ? SHORT : new Uint8Array(length);
  let all = 0;
  for (let i = 0; i < length; i++) all |= narrow[i] = text.charCodeAt(i);
  if (all < 0x100) return siphash13(narrow, length);
  const wide = wideForm(text);
  return siphash13(wide);
}

function wideForm(text: string): Uint8Array {
  const points = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const widest = points.reduce((most, point) => Math.max(most, point), 0);
  const width = widest < 0x10000 ? 2 : 4;
  const bytes = new Uint8Array(points.length * width);
  points.forEach((point, i) => {
    for (let byte = 0; byte < width; byte++) bytes[i * width + byte] = (point >>> (8 * byte)) & 0xff;
  });
  return bytes;
}
