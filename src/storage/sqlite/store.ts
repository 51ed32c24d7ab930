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
import { DurableLog, type LogParts } from "./log.ts";
import type { BatchSize, RowReader, SessionRow, Writer } from "./rows.ts";

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
  readonly #logs = new Map<string, DurableLog>();
  #nextKey: number;
  #closed: Promise<void> | undefined;

  /** Takes over what the rows say; throws where they are damaged. */
  constructor(parts: StoreParts) {
    this.#parts = parts;
    this.#commits = new GroupCommit(parts.writer, parts.clock);
    const sizes = parts.reader.sizes();
    const sessions = parts.reader.sessions();
    // A key is not used again while there may be rows of it.
    this.#nextKey =
      [...sizes.keys(), ...sessions.map(({ key }) => key)].reduce((most, key) => Math.max(most, key), 0) + 1;
    this.kept = sessions.map((row) => this.#takeOver(row, sizes.get(row.key) ?? []));
    for (const { key } of sessions) sizes.delete(key);
    for (const [key, gone] of sizes)
      void this.#commits.add({ type: "forget", key, times: gone.map(({ time }) => time) });
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
    return this.#log(id, { key, epoch, inc: 1, kept: [] });
  }

  async end(id: string, end: SessionEnd): Promise<void> {
    const key = this.#logs.get(id)?.key;
    if (key !== undefined) await this.#commits.add({ type: "end", key, end: JSON.stringify(end) });
  }

  async forget(id: string): Promise<void> {
    const log = this.#logs.get(id);
    this.#logs.delete(id);
    if (log !== undefined) await this.#commits.add({ type: "forget", key: log.key, times: log.times });
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
  #takeOver({ key, id, epoch, inc, createdAt, spec, request, end }: SessionRow, kept: readonly BatchSize[]): Kept {
    const record: SessionRecord = {
      id,
      createdAt,
      spec: JSON.parse(spec) as SessionSpec,
      request,
      end: end === null ? null : (JSON.parse(end) as SessionEnd),
    };
    if (record.end !== null) return { record, log: this.#log(id, { key, epoch, inc, kept }) };
    // With the first batch of the new writer at the latest it is on the disk: changes are kept in order.
    void this.#commits.add({ type: "inc", key, inc: inc + 1 });
    return { record, log: this.#log(id, { key, epoch, inc: inc + 1, kept }) };
  }

  #log(id: string, of: Pick<LogParts, "key" | "epoch" | "inc" | "kept">): DurableLog {
    const { limits, hashing, reader } = this.#parts;
    const log = new DurableLog({ ...of, limits, hashing, reader, commits: this.#commits });
    this.#logs.set(id, log);
    return log;
  }
}
