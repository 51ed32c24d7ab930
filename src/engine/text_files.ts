/** Batches as text files, in the form of Hadoop's. @module */

import type { Files, TextFile } from "./files.ts";
import type { RunOutput } from "./graph.ts";
import { pythonStr } from "./python_literal.ts";
import type { RDD } from "./rdd.ts";

/** Writes a batch into a folder of its own, named as Spark's `rddToFileName` does. */
export function textFilesIn(
  files: Files,
  { prefix, suffix }: { readonly prefix: string; readonly suffix: string },
): RunOutput<unknown> {
  const ending = suffix === "" ? "" : `.${suffix}`;
  return ({ rdd, time }) => files.writeFolder(`${prefix}-${time}${ending}`, textFiles(rdd));
}

/** `part-00000` and so on, one for each partition, a record a line; then `_SUCCESS`, which says that all are there. */
function textFiles(rdd: RDD<unknown>): TextFile[] {
  const parts = rdd.partitions.map((records, i) => ({
    name: `part-${String(i).padStart(5, "0")}`,
    text: records.map((record) => `${pythonStr(record)}\n`).join(""),
  }));
  return [...parts, { name: "_SUCCESS", text: "" }];
}
