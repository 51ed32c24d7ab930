/** Sessions and their batches in an SQLite database: they survive a killed process, and the loss of power. @module */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Cancel, Clock } from "../../clock.ts";
import { messageOf, SluiceError } from "../../errors.ts";
import {
  randomName,
  type BatchLog,
  type Digest,
  type Kept,
  type SessionEnd,
  type SessionRecord,
  type SessionSpec,
  type SessionStore,
} from "../../sessions/mod.ts";
import { GroupCommit } from "./group_commit.ts";
import { SqliteLog, type KeptBatch, type LogLimits } from "./log.ts";
import { Reader, type SessionRow } from "./reader.ts";
import { DATABASE_FILE } from "./schema.ts";
import { ThreadWriter } from "./writer.ts";

/** How a store works. */
export interface SqliteOptions {
  /** Folder of the database; made where it is missing. */
  readonly folder: string;
  readonly clock: Clock;
  readonly digest: Digest;
  readonly limits: LogLimits;
}

/** One process has it at a time. */
export class SqliteStore implements SessionStore {
  readonly isDurable = true;
  readonly kept: readonly Kept[];
  readonly #options: SqliteOptions;
  readonly #lock: DatabaseSync;
  readonly #reader: Reader;
  readonly #commits: GroupCommit;
  readonly #keys = new Map<string, number>();
  #nextKey: number;
  #closed: Promise<void> | undefined;

  private constructor(options: SqliteOptions, lock: DatabaseSync, writer: ThreadWriter) {
    this.#options = options;
    this.#lock = lock;
    this.#commits = new GroupCommit(writer, options.clock);
    this.#reader = new Reader(join(options.folder, DATABASE_FILE));
    // A key is not used again while there may be rows of it.
    this.#nextKey = this.#reader.highestKey() + 1;
    this.kept = this.#reader.sessions().map((row) => this.#takeOver(row));
  }

  /** Opens the store of a folder; rejects with what is wrong: it is not ours to write, in use, damaged, or newer than we are. */
  static async open(options: SqliteOptions): Promise<SqliteStore> {
    const { folder } = options;
    let lock: DatabaseSync | undefined;
    try {
      mkdirSync(folder, { recursive: true });
      lock = lockOf(folder);
      return new SqliteStore(options, lock, await ThreadWriter.open(join(folder, DATABASE_FILE)));
    } catch (failure) {
      lock?.close();
      if (failure instanceof SluiceError) throw failure;
      const cure = "a folder that can be written to, with a whole database or none, is wanted";
      throw new SluiceError("bad_store", `Cannot keep batches in ${folder}: ${messageOf(failure)}; ${cure}`, {
        cause: failure,
      });
    }
  }

  get trouble(): string | null {
    return this.#commits.trouble;
  }

  watch(changed: () => void): Cancel {
    return this.#commits.watch(changed);
  }

  async create({ id, createdAt, spec }: SessionRecord): Promise<BatchLog> {
    const key = this.#nextKey++;
    const epoch = randomName(8);
    await this.#commits.add({ type: "session", key, id, epoch, createdAt, spec: JSON.stringify(spec) });
    this.#keys.set(id, key);
    return this.#log({ key, epoch, inc: 1 });
  }

  async end(id: string, end: SessionEnd): Promise<void> {
    const key = this.#keys.get(id);
    if (key !== undefined) await this.#commits.add({ type: "end", key, end: JSON.stringify(end) });
  }

  async forget(id: string): Promise<void> {
    const key = this.#keys.get(id);
    this.#keys.delete(id);
    if (key !== undefined) await this.#commits.add({ type: "forget", key });
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#commits.close();
    this.#reader.close();
    this.#lock.close();
  }

  /** A session of before, with its log; one that is to run gets a new writer. */
  #takeOver({ key, id, epoch, inc, createdAt, spec, end }: SessionRow): Kept {
    this.#keys.set(id, key);
    const record: SessionRecord = {
      id,
      createdAt,
      spec: JSON.parse(spec) as SessionSpec,
      end: end === null ? null : (JSON.parse(end) as SessionEnd),
    };
    if (record.end !== null) return { record, log: this.#log({ key, epoch, inc }) };
    // With the first batch of the new writer at the latest it is on the disk: changes are kept in order.
    void this.#commits.add({ type: "inc", key, inc: inc + 1 });
    return { record, log: this.#log({ key, epoch, inc: inc + 1 }) };
  }

  #log(name: { readonly key: number; readonly epoch: string; readonly inc: number }): SqliteLog {
    const { limits, digest } = this.#options;
    const parts = { ...name, limits, digest, commits: this.#commits };
    const kept: KeptBatch[] = this.#reader.batches(name.key);
    const read = (key: number, seq: number): ReturnType<Reader["batch"]> => this.#reader.batch(key, seq);
    return new SqliteLog({ ...parts, read }, kept, this.#reader.newest(name.key));
  }
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
