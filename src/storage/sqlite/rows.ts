/** What is kept: its rows, who writes them and who reads them. @module */

/** One change. A session is named by its key, a small number of this store's own. */
export type Write =
  | {
      readonly type: "session";
      readonly key: number;
      readonly id: string;
      readonly epoch: string;
      readonly createdAt: number;
      /** JSON. */
      readonly spec: string;
      readonly request: string | null;
    }
  /** A new writer of its log. */
  | { readonly type: "inc"; readonly key: number; readonly inc: number }
  /** JSON of how it ended. */
  | { readonly type: "end"; readonly key: number; readonly end: string }
  /** It is gone, with its batches, which were of these times. */
  | { readonly type: "forget"; readonly key: number; readonly times: readonly number[] }
  | BatchWrite
  /** Its batches of these times are gone. */
  | { readonly type: "trim"; readonly key: number; readonly times: readonly number[] };

/** A batch as it is kept. */
export interface BatchWrite extends BatchRow {
  readonly type: "batch";
  readonly key: number;
}

/** The columns of a batch. */
export interface BatchRow {
  readonly seq: number;
  /** Batch time in ms since the Unix epoch. */
  readonly time: number;
  readonly hash: string;
  /** JSON of all but the words. */
  readonly body: string;
  /** The words in order of first appearance, as UTF-8, a line feed after each: no word has one in it. */
  readonly words: Uint8Array;
  /** Their counts, as doubles of this machine's byte order. */
  readonly counts: Uint8Array;
  /** Where there are many: their places in sorted order, as 32-bit numbers; else null. */
  readonly places: Uint8Array | null;
}

/** The columns of a session. */
export interface SessionRow {
  readonly key: number;
  readonly id: string;
  readonly epoch: string;
  readonly inc: number;
  readonly createdAt: number;
  /** JSON. */
  readonly spec: string;
  readonly request: string | null;
  /** JSON of how it ended; null while it is to run. */
  readonly end: string | null;
}

/** What there is to know of a batch without reading it: when it was, and how many bytes it takes. */
export interface BatchSize {
  readonly time: number;
  readonly size: number;
}

/** Gives what has been kept. */
export interface RowReader {
  /** In order of creation. */
  sessions(): SessionRow[];
  /** A session's batch of a time. */
  batch(key: number, time: number): BatchRow | undefined;
  /** Of all batches by the keys of their sessions, oldest first; also of sessions that are gone, and have not been removed yet. */
  sizes(): Map<number, BatchSize[]>;
  close(): void;
}

/** Takes groups of changes: each group is kept as a whole, synced, or refused as a whole. */
export interface Writer {
  /** Rejects with the reason in words; the same group may be given again, and is then kept once. */
  commit(group: readonly Write[]): Promise<void>;
  close(): Promise<void>;
}
