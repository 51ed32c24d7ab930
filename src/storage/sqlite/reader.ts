/** The reading end of a database: what has been committed. @module */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { BatchRow, BatchSize, RowReader, SessionRow } from "./rows.ts";
import { openForReading } from "./schema.ts";

const BATCH = "SELECT seq, time, hash, body, words, counts, places FROM batch WHERE time = ? AND key = ?";
/** Read in one go. */
const SIZES = 5000;
const SIZES_AFTER = `SELECT time, key, seq, size FROM batch WHERE (time, key, seq) > (?, ?, ?)
  ORDER BY time, key, seq LIMIT ${SIZES}`;

interface SizeRow extends BatchSize {
  readonly key: number;
  readonly seq: number;
}

/** Reads row by row; a row costs some ten microseconds and its own size. */
export class SqliteReader implements RowReader {
  readonly #db: DatabaseSync;
  readonly #batch: StatementSync;

  constructor(file: string) {
    this.#db = openForReading(file);
    this.#batch = this.#db.prepare(BATCH);
  }

  sessions(): SessionRow[] {
    return this.#db.prepare("SELECT * FROM session ORDER BY key").all() as unknown as SessionRow[];
  }

  batch(key: number, time: number): BatchRow | undefined {
    return this.#batch.get(time, key) as BatchRow | undefined;
  }

  sizes(): Map<number, BatchSize[]> {
    const sizes = new Map<number, BatchSize[]>();
    const after = this.#db.prepare(SIZES_AFTER);
    let rows: SizeRow[];
    let last: SizeRow = { time: -1, key: 0, seq: 0, size: 0 };
    do {
      rows = after.all(last.time, last.key, last.seq) as unknown as SizeRow[];
      for (const { key, time, size } of rows) {
        const ofKey = sizes.get(key) ?? [];
        sizes.set(key, ofKey);
        ofKey.push({ time, size });
      }
      last = rows.at(-1) ?? last;
    } while (rows.length === SIZES);
    return sizes;
  }

  close(): void {
    this.#db.close();
  }
}
