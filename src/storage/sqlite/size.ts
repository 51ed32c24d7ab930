/** What a batch takes of the database's file: SQLite keeps short rows several to a page, and what is long of a row in pages of its own. @module */

import type { BatchRow } from "./rows.ts";

const PAGE_BYTES = 4096;
/** Columns that are of one length: key, number, time, size and hash; and what says how long the others are. */
const FIXED_BYTES = 100;
/** So many bytes of a row stay with the others; of a longer one between these two, and the rest in pages of its own (SQLite's file format, 1.6). */
const MOST_LOCAL_BYTES = 1002;
const LEAST_LOCAL_BYTES = 489;
const OWN_PAGE_BYTES = PAGE_BYTES - 4;
/** Pages of rows are not full: some 10 % more, as measured. */
const SPARSE = 1.1;

/** Bytes of the file, within a quarter. */
export function sizeOf({ body, words, counts, places }: Omit<BatchRow, "seq" | "time" | "hash">): number {
  const bytes = FIXED_BYTES + body.length + words.length + counts.length + (places?.length ?? 0);
  if (bytes <= MOST_LOCAL_BYTES) return Math.ceil(bytes * SPARSE);
  const local = LEAST_LOCAL_BYTES + ((bytes - LEAST_LOCAL_BYTES) % OWN_PAGE_BYTES);
  const kept = local <= MOST_LOCAL_BYTES ? local : LEAST_LOCAL_BYTES;
  return Math.ceil(kept * SPARSE) + Math.ceil((bytes - kept) / OWN_PAGE_BYTES) * PAGE_BYTES;
}
