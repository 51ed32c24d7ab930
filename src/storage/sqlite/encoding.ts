/** Batches as rows and back. @module */

import { ManyWords, WordCounts, type Batch, type Delays, type WordCount } from "../../sessions/mod.ts";
import type { BatchRow } from "./rows.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

type Words = Pick<BatchRow, "words" | "counts" | "places">;

/** The columns of a batch, but for its delays, which are known last. Its words stay in order of first appearance: Spark's print order needs it. */
export function rowOf(batch: Batch): (delays: Delays) => BatchRow {
  const { counts, texts: _texts, delays: _delays, ...rest } = batch;
  const { seq, time, hash } = batch;
  const body = JSON.stringify(rest).slice(0, -1);
  const words = counts instanceof ManyWords ? many(counts) : few(batch);
  return (delays) => ({ seq, time, hash, body: `${body},"delays":${JSON.stringify(delays)}}`, ...words });
}

/** The batch of a row, as it was. */
export function batchOf({ body, words, counts, places }: BatchRow): Batch {
  const sums = new Float64Array(aligned(counts));
  const rest = JSON.parse(body) as Omit<Batch, "counts">;
  if (places !== null)
    return {
      ...rest,
      counts: ManyWords.kept({ bytes: words, counts: sums, sorted: new Uint32Array(aligned(places)) }),
    };
  const texts = decoder.decode(words).split("\n");
  return { ...rest, counts: new WordCounts(Array.from(sums, (count, i): WordCount => [texts[i] ?? "", count])) };
}

function few({ counts }: Batch): Words {
  const all = Array.from({ length: counts.size }, (_, place) => counts.at(place));
  const words = encoder.encode(all.map(([word]) => `${word}\n`).join(""));
  return { words, counts: bytesOf(Float64Array.from(all, ([, count]) => count)), places: null };
}

/** The order of many words takes long to find: it is kept. */
function many({ columns: { bytes, counts, sorted } }: ManyWords): Words {
  return { words: bytes, counts: bytesOf(counts), places: bytesOf(sorted) };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array | Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Numbers want to begin where numbers may. */
function aligned({ buffer, byteOffset, byteLength }: Uint8Array): ArrayBuffer {
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}
