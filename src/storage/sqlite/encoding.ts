/** Batches as rows and back. @module */

import { WordCounts, type Batch, type WordCount } from "../../sessions/mod.ts";
import type { BatchRow } from "./rows.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The columns of a batch. Its words stay in order of first appearance: Spark's print order needs it. */
export function rowOf(batch: Batch): BatchRow {
  const { counts, texts: _texts, ...rest } = batch;
  const { words } = counts;
  const sums = Float64Array.from(words, (_, place) => counts.at(place)[1]);
  return {
    seq: batch.seq,
    time: batch.time,
    hash: batch.hash,
    body: JSON.stringify(rest),
    words: encoder.encode(words.map((word) => `${word}\n`).join("")),
    counts: new Uint8Array(sums.buffer),
  };
}

/** The batch of a row, as it was. */
export function batchOf({ body, words, counts }: BatchRow): Batch {
  // A copy: doubles want to begin where doubles may.
  const sums = new Float64Array(counts.slice().buffer);
  const texts = decoder.decode(words).split("\n");
  const arrived = Array.from(sums, (count, place): WordCount => [texts[place] ?? "", count]);
  return { ...(JSON.parse(body) as Omit<Batch, "counts">), counts: new WordCounts(arrived) };
}
