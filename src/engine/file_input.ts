/** Files that come into a folder as a stream: Spark's `textFileStream`. @module */

import type { FileEntry, Files } from "./files.ts";
import type { Saved } from "./generated.ts";
import { begin, type Flow, type Graph } from "./graph.ts";
import { LineDecoder } from "./lines.ts";
import { RDD } from "./rdd.ts";
import { decodeUtf8 } from "./utf8.ts";

/** `spark.streaming.fileStream.minRememberDuration`: a file is not taken later than this after its last change. */
const REMEMBER_MS = 60_000;
const BOM = [0xef, 0xbb, 0xbf] as const;

/** Which files are taken. */
export interface FolderOptions {
  readonly directory: string;
  /** Files that were last changed before this time, in ms since the Unix epoch, are not. */
  readonly since: number;
  readonly maxLineLength: number;
}

/**
 * The lines of each new file, in a partition of its own, in the batch in which it was changed last: so files must be moved
 * into the folder whole. Hidden ones (`.name`, `_name`) are left alone, and so is what is changed after it was taken.
 */
export function filesFlow(graph: Graph, { directory, since, maxLineLength }: FolderOptions): Flow<string> {
  const taken = new Taken(since);
  const cut = (time: number): RDD<string> => {
    const files = taken.take(graph.files.list(directory), time);
    return new RDD(files.map(({ name }) => linesOf(graph.files, { directory, name, maxLineLength })));
  };
  return begin(graph, cut, { connect: () => graph.addSaved(taken) });
}

/** The files that were taken a short time ago. */
class Taken implements Saved {
  readonly kind = "files";
  #since: number;
  /** Names, and the batch times they were taken at. */
  #names = new Map<string, number>();

  constructor(since: number) {
    this.#since = since;
  }

  /** Those of `files` that belong to the batch of `time`, by name. */
  take(files: readonly FileEntry[], time: number): FileEntry[] {
    const oldest = Math.max(this.#since, time - REMEMBER_MS);
    for (const [name, at] of this.#names) if (at <= time - REMEMBER_MS) this.#names.delete(name);
    const taken = files.filter(
      ({ name, changedAt, size }) =>
        size > 0 && !/^[._]/.test(name) && changedAt > oldest && changedAt <= time && !this.#names.has(name),
    );
    for (const { name } of taken) this.#names.set(name, time);
    return taken;
  }

  save(): unknown {
    return { since: this.#since, names: this.#names };
  }

  restore(value: unknown): void {
    const { since, names } = value as { since: number; names: Map<string, number> };
    this.#since = since;
    this.#names = names;
  }
}

/** As Hadoop's LineRecordReader: `\n`, `\r`, `\r\n` end a line, the last one needs none, a byte-order mark is skipped. */
function linesOf(
  files: Files,
  { directory, name, maxLineLength }: { directory: string; name: string; maxLineLength: number },
): string[] {
  const bytes = files.read(directory, name);
  const lines: string[] = [];
  const line = (from: Uint8Array, start: number, end: number): void => {
    lines.push(decodeUtf8(from.subarray(start, end)));
  };
  const decoder = new LineDecoder({ line }, maxLineLength);
  decoder.write(BOM.every((byte, i) => bytes[i] === byte) ? bytes.subarray(BOM.length) : bytes);
  decoder.end();
  return lines;
}
