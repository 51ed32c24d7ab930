/** Keeps groups of changes, each in one transaction. Runs where its syncs hold up nobody: in the writer's thread. @module */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { openForWriting } from "./schema.ts";
import type { BatchWrite, Write } from "./rows.ts";
import { sizeOf } from "./size.ts";

/** Rows of sessions that are gone, removed in one go. */
const SWEPT_ROWS = 500;
/** Pages given back to the disk after each go. */
const SWEPT_PAGES = 200;
/** More free pages than these, which are 4 MiB, are given back. */
const SPARE_PAGES = 1024;

const SQL = {
  session:
    "INSERT OR REPLACE INTO session (key, id, epoch, inc, createdAt, spec, request) VALUES (?, ?, ?, 1, ?, ?, ?)",
  inc: "UPDATE session SET inc = ? WHERE key = ?",
  end: "UPDATE session SET end = ? WHERE key = ?",
  forget: "DELETE FROM session WHERE key = ?",
  batch:
    "INSERT OR IGNORE INTO batch (time, key, seq, hash, size, body, words, counts, places) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
  hash: "SELECT hash FROM batch WHERE time = ? AND key = ? AND seq = ?",
  remove: "DELETE FROM batch WHERE time = ? AND key = ?",
} as const;

/** The writing end of a database. After a failure it is opened anew: what a failed sync has left of it is not known. */
export class Transactions {
  readonly #file: string;
  readonly #sparePages: number;
  #db: DatabaseSync | undefined;
  #statements = new Map<string, StatementSync>();
  /** Batches of sessions that are gone, to be removed: their keys and times. What is left of them at the end is found at the next start. */
  readonly #gone: { readonly key: number; readonly times: readonly number[]; removed: number }[] = [];
  /** There may be more free pages than are wanted. */
  #isLoose = true;

  /** `sparePages`: free pages that are left for what comes next. */
  constructor(file: string, sparePages: number = SPARE_PAGES) {
    this.#file = file;
    this.#sparePages = sparePages;
  }

  /** Keeps all of a group, synced, or throws and keeps nothing; a group that was kept already is not kept twice. */
  commit(group: readonly Write[]): void {
    try {
      this.#within(() => {
        for (const write of group) this.#apply(write);
      });
    } catch (failure) {
      this.close();
      throw failure;
    }
    // Not before: a session that could not be forgotten has all its batches.
    for (const write of group)
      if (write.type === "forget") this.#gone.push({ key: write.key, times: write.times, removed: 0 });
  }

  /** Removes a part of what is no longer wanted, and gives a part of what is free back; false when there is no more of it. */
  sweep(): boolean {
    const [gone] = this.#gone;
    if (gone !== undefined) {
      const { key, times, removed } = gone;
      this.#within(() => this.#remove(key, times.slice(removed, removed + SWEPT_ROWS)));
      gone.removed += SWEPT_ROWS;
      if (gone.removed >= times.length) this.#gone.shift();
      this.#isLoose = true;
    }
    if (this.#isLoose) {
      this.#isLoose = this.#freePages() > this.#sparePages;
      if (this.#isLoose) this.#open().exec(`PRAGMA incremental_vacuum(${SWEPT_PAGES})`);
    }
    return this.#gone.length > 0 || this.#isLoose;
  }

  #freePages(): number {
    return (this.#statement("PRAGMA freelist_count").get() as { freelist_count: number }).freelist_count;
  }

  close(): void {
    const db = this.#db;
    this.#db = undefined;
    this.#statements.clear();
    db?.close();
  }

  #within(work: () => void): void {
    const db = this.#open();
    db.exec("BEGIN IMMEDIATE");
    work();
    db.exec("COMMIT");
  }

  #apply(write: Write): void {
    switch (write.type) {
      case "session":
        this.#statement(SQL.session).run(write.key, write.id, write.epoch, write.createdAt, write.spec, write.request);
        return;
      case "inc":
        this.#statement(SQL.inc).run(write.inc, write.key);
        return;
      case "end":
        this.#statement(SQL.end).run(write.end, write.key);
        return;
      case "forget":
        this.#statement(SQL.forget).run(write.key);
        return;
      case "batch":
        this.#insert(write);
        return;
      case "trim":
        this.#remove(write.key, write.times);
        this.#isLoose = true;
    }
  }

  #remove(key: number, times: readonly number[]): void {
    for (const time of times) this.#statement(SQL.remove).run(time, key);
  }

  #insert(write: BatchWrite): void {
    const { key, seq, time, hash, body, words, counts, places } = write;
    const { changes } = this.#statement(SQL.batch).run(
      time,
      key,
      seq,
      hash,
      sizeOf(write),
      body,
      words,
      counts,
      places,
    );
    if (Number(changes) > 0) return;
    // Kept before, by a commit that failed to say so; or by another writer.
    const kept = this.#statement(SQL.hash).get(time, key, seq) as { hash: string } | undefined;
    if (kept?.hash === hash) return;
    throw new Error(`batch ${seq} is there already, with other content: another process writes this log`);
  }

  #open(): DatabaseSync {
    this.#db ??= openForWriting(this.#file);
    return this.#db;
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#open().prepare(sql)));
    return statement;
  }
}
