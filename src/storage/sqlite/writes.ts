/** What is written, as messages from the service to the writer's thread. @module */

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
    }
  /** A new writer of its log. */
  | { readonly type: "inc"; readonly key: number; readonly inc: number }
  /** JSON of how it ended. */
  | { readonly type: "end"; readonly key: number; readonly end: string }
  | { readonly type: "forget"; readonly key: number }
  | BatchWrite
  /** Batches older than `before` are gone. */
  | { readonly type: "trim"; readonly key: number; readonly before: number };

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
}

/** Takes groups of changes: each group is kept as a whole, synced, or refused as a whole. */
export interface Writer {
  /** Rejects with the reason in words; the same group may be given again, and is then kept once. */
  commit(group: readonly Write[]): Promise<void>;
  close(): Promise<void>;
}
