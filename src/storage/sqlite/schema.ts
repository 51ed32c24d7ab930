/** The database of a store: its tables, and how an older one becomes one of today. @module */

import { DatabaseSync } from "node:sqlite";

/** The database's file in the data folder. */
export const DATABASE_FILE = "sluice.db";

/** Each brings a database from the version that is its place to the next. Never changed once released. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE session (
     key INTEGER PRIMARY KEY,
     id TEXT NOT NULL UNIQUE,
     epoch TEXT NOT NULL,
     inc INTEGER NOT NULL,
     createdAt INTEGER NOT NULL,
     spec TEXT NOT NULL,
     end TEXT
   ) STRICT;
   CREATE TABLE batch (
     key INTEGER NOT NULL,
     seq INTEGER NOT NULL,
     time INTEGER NOT NULL,
     hash TEXT NOT NULL,
     size INTEGER NOT NULL,
     body TEXT NOT NULL,
     words BLOB NOT NULL,
     counts BLOB NOT NULL,
     places BLOB,
     PRIMARY KEY (key, seq)
   ) STRICT, WITHOUT ROWID;`,
  "ALTER TABLE session ADD COLUMN request TEXT;",
  // By time, as the batches of all sessions come at the same times: a commit fills pages one after the other, and does not
  // change one for each session.
  `CREATE TABLE byTime (
     time INTEGER NOT NULL,
     key INTEGER NOT NULL,
     seq INTEGER NOT NULL,
     hash TEXT NOT NULL,
     size INTEGER NOT NULL,
     body TEXT NOT NULL,
     words BLOB NOT NULL,
     counts BLOB NOT NULL,
     places BLOB,
     PRIMARY KEY (time, key, seq)
   ) STRICT, WITHOUT ROWID;
   INSERT INTO byTime
     SELECT time, key, seq, hash, size, body, words, counts, places FROM batch ORDER BY time, key, seq;
   DROP TABLE batch;
   ALTER TABLE byTime RENAME TO batch;`,
];

/** How many bytes the write-ahead log may keep on the disk when it has been read back. */
const WAL_KEPT_BYTES = 64 * 1024 * 1024;

/**
 * Opens a database for the one who writes it, and makes or migrates its tables. Every commit is synced: what has been
 * committed survives the loss of power, where the disk keeps what it says it has kept.
 */
export function openForWriting(file: string): DatabaseSync {
  const db = new DatabaseSync(file);
  try {
    // Before the first table: the room of what is trimmed can be given back bit by bit.
    db.exec("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    db.exec(`PRAGMA journal_size_limit = ${WAL_KEPT_BYTES}`);
    migrate(db, file);
    return db;
  } catch (failure) {
    db.close();
    throw failure;
  }
}

/** Opens it for those who read it; sees what has been committed. */
export function openForReading(file: string): DatabaseSync {
  return new DatabaseSync(file, { readOnly: true });
}

function migrate(db: DatabaseSync, file: string): void {
  const { user_version: version } = db.prepare("PRAGMA user_version").get() as { user_version: number };
  if (version > MIGRATIONS.length) {
    const known = `its version is ${version}, and ${MIGRATIONS.length} is the newest known here`;
    throw new Error(`Cannot use ${file}: ${known}; a newer Sluice is wanted`);
  }
  for (const [from, sql] of MIGRATIONS.entries()) {
    if (from < version) continue;
    db.exec(`BEGIN IMMEDIATE; ${sql} PRAGMA user_version = ${from + 1}; COMMIT`);
  }
}
