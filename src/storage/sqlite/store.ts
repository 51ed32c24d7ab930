/** Sessions and their batches as rows: they survive a killed process, and the loss of power. @module */

import type { Cancel, Clock } from "../../clock.ts";
import {
  randomName,
  type BatchLog,
  type Histogram,
  type Hashing,
  type HistoryLimits,
  type Kept,
  type SessionEnd,
  type SessionRecord,
  type SessionSpec,
  type SessionStore,
} from "../../sessions/mod.ts";
import { GroupCommit } from "./group_commit.ts";
import { DurableLog } from "./log.ts";
import type { RowReader, SessionRow, Writer } from "./rows.ts";

/** What a store works with. */
export interface StoreParts {
  readonly writer: Writer;
  readonly reader: RowReader;
  readonly clock: Clock;
  readonly hashing: Hashing;
  readonly limits: HistoryLimits;
}

/** One process has the rows at a time. */
export class DurableStore implements SessionStore {
  readonly isDurable = true;
  readonly kept: readonly Kept[];
  readonly #parts: StoreParts;
  readonly #commits: GroupCommit;
  readonly #keys = new Map<string, number>();
  #nextKey: number;
  #closed: Promise<void> | undefined;

  /** Takes over what the rows say; throws where they are damaged. */
  constructor(parts: StoreParts) {
    this.#parts = parts;
    this.#commits = new GroupCommit(parts.writer, parts.clock);
    // A key is not used again while there may be rows of it.
    this.#nextKey = parts.reader.highestKey() + 1;
    this.kept = parts.reader.sessions().map((row) => this.#takeOver(row));
  }

  get trouble(): string | null {
    return this.#commits.trouble;
  }

  get pending(): number {
    return this.#commits.pending;
  }

  get commits(): Histogram {
    return this.#commits.durations;
  }

  watch(changed: () => void): Cancel {
    return this.#commits.watch(changed);
  }

  async create({ id, createdAt, spec, request }: SessionRecord): Promise<BatchLog> {
    const key = this.#nextKey++;
    const epoch = randomName(8);
    await this.#commits.add({ type: "session", key, id, epoch, createdAt, spec: JSON.stringify(spec), request });
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
    this.#parts.reader.close();
  }

  /** A session of before, with its log; one that is to run gets a new writer. */
  #takeOver({ key, id, epoch, inc, createdAt, spec, request, end }: SessionRow): Kept {
    this.#keys.set(id, key);
    const record: SessionRecord = {
      id,
      createdAt,
      spec: JSON.parse(spec) as SessionSpec,
      request,
      end: end === null ? null : (JSON.parse(end) as SessionEnd),
    };
    if (record.end !== null) return { record, log: this.#log({ key, epoch, inc }) };
    // With the first batch of the new writer at the latest it is on the disk: changes are kept in order.
    void this.#commits.add({ type: "inc", key, inc: inc + 1 });
    return { record, log: this.#log({ key, epoch, inc: inc + 1 }) };
  }

  #log(name: { readonly key: number; readonly epoch: string; readonly inc: number }): DurableLog {
    const { limits, hashing, reader } = this.#parts;
    return new DurableLog({ ...name, limits, hashing, reader, commits: this.#commits });
  }
}
