/** A disk that fails as disks do: it is slow, refuses, keeps and does not say so, or the process dies. @module */

import type { BatchRow, BatchSize, RowReader, SessionRow, Write, Writer } from "../../src/storage/sqlite/rows.ts";
import { sizeOf } from "../../src/storage/sqlite/size.ts";
import type { Random } from "./random.ts";

interface InFlight {
  readonly group: readonly Write[];
  readonly answer: PromiseWithResolvers<void>;
}

/** Rows that outlive processes. */
export class SimulatedDisk {
  /** While it is set every commit is refused. */
  isBroken = false;
  /** While it is set, the last commit before a crash is lost in it: the disk had not been synced. */
  isForgetful = false;
  readonly #random: Random;
  #sessions = new Map<number, SessionRow>();
  /** By the keys of their sessions, and their times. */
  #batches = new Map<number, Map<number, BatchRow>>();
  #inFlight: InFlight[] = [];
  #crashes = 0;
  #undo: () => void = () => {};

  constructor(random: Random) {
    this.#random = random;
  }

  /** The writer of the process there is now. Commits wait until {@link work}; those of a process that is gone for ever. */
  get writer(): Writer {
    const process = this.#crashes;
    return {
      commit: (group) => {
        const answer = Promise.withResolvers<void>();
        if (process === this.#crashes) this.#inFlight.push({ group: structuredClone(group), answer });
        return answer.promise;
      },
      close: () => Promise.resolve(),
    };
  }

  readonly reader: RowReader = {
    sessions: () => [...this.#sessions.values()],
    batch: (key, time) => this.#batches.get(key)?.get(time),
    sizes: () =>
      new Map(
        Array.from(this.#batches, ([key, rows]) => [
          key,
          Array.from(rows.values(), (row): BatchSize => ({ time: row.time, size: sizeOf(row) })),
        ]),
      ),
    close: () => {},
  };

  /** The batch that is so many places after a session's batch of a time. */
  beside(key: number, time: number, places: number): BatchRow | undefined {
    const rows = [...(this.#batches.get(key)?.values() ?? [])];
    const place = rows.findIndex((row) => row.time === time);
    return place === -1 ? undefined : rows[place + places];
  }

  /** Answers the commits that wait. */
  work(): void {
    for (const { group, answer } of this.#inFlight.splice(0)) {
      // Now and then a commit is kept, and said to have failed.
      const isLying = this.#random.chance(0.05);
      if (!this.isBroken || isLying) this.#apply(group);
      if (this.isBroken || isLying) answer.reject(new Error("input/output error"));
      else answer.resolve();
    }
  }

  /** The process is gone: what was on its way is kept as a whole or not at all, and nobody is told. */
  crash(): void {
    this.#crashes++;
    if (this.isForgetful) this.#undo();
    for (const { group } of this.#inFlight.splice(0)) if (this.#random.chance(0.5)) this.#apply(group);
  }

  #apply(group: readonly Write[]): void {
    if (this.isForgetful) {
      const batches = new Map(Array.from(this.#batches, ([key, rows]) => [key, new Map(rows)]));
      const sessions = new Map(this.#sessions);
      this.#undo = () => {
        this.#batches = batches;
        this.#sessions = sessions;
      };
    }
    for (const write of group) this.#applyOne(write);
  }

  #applyOne(write: Write): void {
    const { key } = write;
    const session = this.#sessions.get(key);
    if (write.type === "session") this.#sessions.set(key, { inc: 1, end: null, ...write });
    else if (write.type === "forget") this.#sessions.delete(key);
    else if (write.type === "batch" || write.type === "trim") this.#applyTo(this.#batchesOf(key), write);
    else if (session !== undefined) this.#sessions.set(key, { ...session, ...write });
  }

  #applyTo(batches: Map<number, BatchRow>, write: Extract<Write, { type: "batch" | "trim" }>): void {
    if (write.type === "trim") {
      for (const time of write.times) batches.delete(time);
      return;
    }
    const kept = batches.get(write.time);
    if (kept !== undefined && kept.hash !== write.hash) throw new Error(`Batch ${write.seq} was to be overwritten`);
    batches.set(write.time, write);
  }

  #batchesOf(key: number): Map<number, BatchRow> {
    const batches = this.#batches.get(key) ?? new Map<number, BatchRow>();
    this.#batches.set(key, batches);
    return batches;
  }
}
