/** The reading end of a database: what has been committed. @module */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { BatchRow, BatchSize, RowReader, SessionRow } from "./rows.ts";
import { openForReading } from "./schema.ts";

const BATCH = "SELECT seq, time, hash, body, words, counts, places FROM batch WHERE key = ?";
const HIGHEST_KEY =
  "SELECT max((SELECT coalesce(max(key), 0) FROM session), (SELECT coalesce(max(key), 0) FROM batch)) AS key";

/** Reads row by row; a row costs some ten microseconds and its own size. */
export class SqliteReader implements RowReader {
  readonly #db: DatabaseSync;
  readonly #batch: StatementSync;
  readonly #newest: StatementSync;
  readonly #sizes: StatementSync;

  constructor(file: string) {
    this.#db = openForReading(file);
    this.#batch = this.#db.prepare(`${BATCH} AND seq = ?`);
    this.#newest = this.#db.prepare(`${BATCH} ORDER BY seq DESC LIMIT 1`);
    this.#sizes = this.#db.prepare("SELECT time, size FROM batch WHERE key = ? ORDER BY seq");
  }

  sessions(): SessionRow[] {
    return this.#db.prepare("SELECT * FROM session ORDER BY key").all() as unknown as SessionRow[];
  }

  highestKey(): number {
    return (this.#db.prepare(HIGHEST_KEY).get() as { key: number }).key;
  }

  batch(key: number, seq: number): BatchRow | undefined {
    return this.#batch.get(key, seq) as BatchRow | undefined;
  }

  newest(key: number): BatchRow | undefined {
    return this.#newest.get(key) as BatchRow | undefined;
  }

  sizes(key: number): BatchSize[] {
    return this.#sizes.all(key) as unknown as BatchSize[];
  }

  close(): void {
    this.#db.close();
  }
}
