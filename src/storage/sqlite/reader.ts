/** The reading end of a database: what has been committed. @module */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Batch } from "../../sessions/mod.ts";
import type { KeptBatch } from "./log.ts";
import { batchOf } from "./rows.ts";
import { openForReading } from "./schema.ts";
import type { BatchRow } from "./writes.ts";

/** The columns of a session. */
export interface SessionRow {
  readonly key: number;
  readonly id: string;
  readonly epoch: string;
  readonly inc: number;
  readonly createdAt: number;
  readonly spec: string;
  readonly end: string | null;
}

type Columns = Pick<BatchRow, "body" | "words" | "counts">;

/** Reads row by row; a row costs some ten microseconds and its own size. */
export class Reader {
  readonly #db: DatabaseSync;
  readonly #batch: StatementSync;
  readonly #newest: StatementSync;
  readonly #batches: StatementSync;

  constructor(file: string) {
    this.#db = openForReading(file);
    this.#batch = this.#db.prepare("SELECT body, words, counts FROM batch WHERE key = ? AND seq = ?");
    this.#newest = this.#db.prepare("SELECT body, words, counts FROM batch WHERE key = ? ORDER BY seq DESC LIMIT 1");
    this.#batches = this.#db.prepare("SELECT time, size FROM batch WHERE key = ? ORDER BY seq");
  }

  /** In order of creation. */
  sessions(): SessionRow[] {
    return this.#db.prepare("SELECT * FROM session ORDER BY key").all() as unknown as SessionRow[];
  }

  /** Of all there are, or were and have not been removed yet; 0 when there is none. */
  highestKey(): number {
    const sql =
      "SELECT max((SELECT coalesce(max(key), 0) FROM session), (SELECT coalesce(max(key), 0) FROM batch)) AS key";
    return (this.#db.prepare(sql).get() as { key: number }).key;
  }

  batch(key: number, seq: number): Batch | undefined {
    return found(this.#batch.get(key, seq));
  }

  newest(key: number): Batch | undefined {
    return found(this.#newest.get(key));
  }

  /** What is kept of a session, oldest first. */
  batches(key: number): KeptBatch[] {
    return this.#batches.all(key) as unknown as KeptBatch[];
  }

  close(): void {
    this.#db.close();
  }
}

function found(row: unknown): Batch | undefined {
  return row === undefined ? undefined : batchOf(row as Columns);
}
