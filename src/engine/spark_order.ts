/** The order in which Spark prints the result of `reduceByKey`. @module */

import { siphash13 } from "./siphash.ts";

/** Partitions of `reduceByKey` under `local[2]`, Spark's usual laboratory setting. */
const DEFAULT_PARTITIONS = 2;

/**
 * Places of `keys` in the order PySpark prints them: by partition (`portable_hash(key) % partitions`), and within one as
 * given, which is to be the order of first appearance.
 */
export function sparkOrder(keys: readonly string[], partitions: number = DEFAULT_PARTITIONS): number[] {
  const placed: number[][] = Array.from({ length: partitions }, () => []);
  keys.forEach((key, place) => placed[partitionOf(key, partitions)]?.push(place));
  return placed.flat();
}

/** `portable_hash(key) % partitions` of PySpark on Python 3.11 or later, its workers run with PYTHONHASHSEED=0. */
export function partitionOf(key: string, partitions: number): number {
  if (key === "") return 0;
  const [hi, lo] = siphash13(pythonForm(key));
  const unsigned = (BigInt(hi) << 32n) | BigInt(lo);
  let hash = BigInt.asIntN(64, unsigned);
  if (hash === -1n) hash = -2n;
  const n = BigInt(partitions);
  return Number(((hash % n) + n) % n);
}

/** A string's characters as CPython holds them: 1, 2 or 4 bytes each, as the widest needs (PEP 393), little-endian. */
function pythonForm(text: string): Uint8Array {
  const points = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const widest = points.reduce((most, point) => Math.max(most, point), 0);
  const width = widest < 0x100 ? 1 : widest < 0x10000 ? 2 : 4;
  const bytes = new Uint8Array(points.length * width);
  points.forEach((point, i) => {
    for (let byte = 0; byte < width; byte++) bytes[i * width + byte] = (point >>> (8 * byte)) & 0xff;
  });
  return bytes;
}
