/** Opens a store in a folder. @module */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { messageOf, SluiceError } from "../../errors.ts";
import type { SessionStore } from "../../sessions/mod.ts";
import { SqliteReader } from "./reader.ts";
import type { Writer } from "./rows.ts";
import { DATABASE_FILE, openForWriting } from "./schema.ts";
import { DurableStore, type StoreParts } from "./store.ts";
import { ThreadWriter } from "./writer.ts";

/** Where a store is, and how it works. */
export interface SqliteOptions extends Omit<StoreParts, "writer" | "reader"> {
  /** Folder of the database; made where it is missing. */
  readonly folder: string;
}

/** Opens the store of a folder; throws what is wrong: it is not ours to write, in use, damaged, or newer than we are. */
export function openSqliteStore({ folder, ...parts }: SqliteOptions): SessionStore {
  let lock: DatabaseSync | undefined;
  try {
    mkdirSync(folder, { recursive: true });
    lock = lockOf(folder);
    const file = join(folder, DATABASE_FILE);
    // Made, migrated, and found to be sound enough, before anybody relies on it.
    openForWriting(file).close();
    return new DurableStore({ ...parts, writer: lockedWriter(file, lock), reader: new SqliteReader(file) });
  } catch (failure) {
    lock?.close();
    if (failure instanceof SluiceError) throw failure;
    const cure = "a folder that can be written to, with a whole database or none, is wanted";
    throw new SluiceError("bad_store", `Cannot keep batches in ${folder}: ${messageOf(failure)}; ${cure}`, {
      cause: failure,
    });
  }
}

/** The folder is another's when nobody writes any more. */
function lockedWriter(file: string, lock: DatabaseSync): Writer {
  const writer = new ThreadWriter(file);
  return {
    commit: (group) => writer.commit(group),
    async close() {
      await writer.close();
      lock.close();
    },
  };
}

/** Held until it is closed, or the process ends, however it does. */
function lockOf(folder: string): DatabaseSync {
  const lock = new DatabaseSync(join(folder, "lock"));
  try {
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    return lock;
  } catch (failure) {
    lock.close();
    if (!/locked/.test(messageOf(failure))) throw failure;
    const message = `Cannot keep batches in ${folder}: another process does; a folder of its own is wanted (--data)`;
    throw new SluiceError("bad_store", message, { cause: failure });
  }
}
