/** Spark's text form of a batch, as PySpark's `pprint` writes it. @module */

import { pythonStr } from "./python_literal.ts";
import type { RDD } from "./rdd.ts";

const RULE = "-------------------------------------------";

/** How many records `pprint` prints when it is not told. */
export const PPRINT_RECORDS = 10;

/** What is printed of a batch. */
export interface Printed {
  /** Batch time in ms since the Unix epoch. */
  readonly time: number;
  /** The records to show, in order. */
  readonly records: readonly unknown[];
  /** Whether there are more, shown as `...`. */
  readonly more: boolean;
}

/** A batch as `pprint(num)` prints it. */
export function printed({ rdd, time }: { readonly rdd: RDD<unknown>; readonly time: number }, num: number): string {
  const records = rdd.take(num + 1);
  return pprint({ time, records: records.slice(0, num), more: records.length > num });
}

/** The text of one batch: header, records as Python prints them, `...` if there are more, an empty line. */
export function pprint({ time, records, more }: Printed): string {
  const lines = [RULE, `Time: ${pythonTime(time)}`, RULE, ...records.map(pythonStr)];
  if (more) lines.push("...");
  return `${lines.join("\n")}\n\n`;
}

/** `str(datetime.fromtimestamp(ms / 1000))`: local time, six decimals when the second is not whole. */
export function pythonTime(ms: number): string {
  const at = new Date(ms);
  const date = `${digits(at.getFullYear(), 4)}-${digits(at.getMonth() + 1, 2)}-${digits(at.getDate(), 2)}`;
  const time = `${digits(at.getHours(), 2)}:${digits(at.getMinutes(), 2)}:${digits(at.getSeconds(), 2)}`;
  const millis = at.getMilliseconds();
  return millis === 0 ? `${date} ${time}` : `${date} ${time}.${digits(millis, 3)}000`;
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, "0");
}
