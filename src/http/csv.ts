/** Batches as comma-separated values (RFC 4180), for spreadsheets. @module */

import type { Batch, WordCount } from "../sessions/mod.ts";
import type { Pieces } from "./pieces.ts";
import { LONG_WORDS } from "./wire.ts";

/** The first line. */
export const CSV_HEADER = "seq,time,word,count\r\n";

/** Rows written in one step. */
const STEP_ROWS = 1024;
/** What a spreadsheet takes for the beginning of a formula, which could run a program or send cells away (CWE-1236). */
const FORMULA = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;
const encoder = new TextEncoder();

/** A row for each of a batch's `top` words; in pieces where they are many. */
export function csvOf(batch: Batch, top: number): string | Pieces {
  const start = `${batch.seq},${new Date(batch.time).toISOString()},`;
  const size = Math.min(top, batch.counts.size);
  if (size > LONG_WORDS) return piecesOf(batch, size, start);
  return rowsOf(batch.counts.top(size), start);
}

function* piecesOf({ counts }: Batch, size: number, start: string): Pieces {
  for (let from = 0; from < size; from += STEP_ROWS) {
    yield encoder.encode(rowsOf(counts.top(Math.min(size, from + STEP_ROWS), from), start));
  }
}

function rowsOf(words: readonly WordCount[], start: string): string {
  return words.map(([word, count]) => `${start}${field(word)},${count}\r\n`).join("");
}

/** A word as a quoted field; one that looks like a formula gets an apostrophe, which spreadsheets take for "this is a text". */
function field(word: string): string {
  return `"${FORMULA.test(word) ? "'" : ""}${word.replaceAll('"', '""')}"`;
}
