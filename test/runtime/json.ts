/** What the service says, as far as the tests look at it. @module */

/** Sums since the epoch began. */
export interface TotalJson {
  readonly batches: number;
  readonly lines: number;
  readonly words: number;
  readonly bytes: number;
  readonly sourceGaps: number;
}

/** One batch. */
export interface BatchJson {
  readonly cursor: string;
  readonly epoch: string;
  readonly seq: number;
  readonly time: string;
  readonly inc: number;
  readonly intervalMs: number;
  readonly partial: boolean;
  readonly final: boolean;
  readonly late: boolean;
  readonly missedTicks: number;
  readonly lines: number;
  readonly words: number;
  readonly bytes: number;
  readonly distinct: number;
  readonly otherWords: number;
  readonly dropped: { readonly lines: number; readonly bytes: number };
  readonly total: TotalJson;
  readonly sourceGap: unknown;
  readonly counts: readonly (readonly [string, number])[];
  readonly more: number;
  readonly countsHash: string;
  readonly prev: string | null;
  readonly hash: string;
}

/** A page of batches. */
export interface PageJson {
  readonly items: readonly BatchJson[];
  readonly next: string | null;
  readonly prev: string | null;
  readonly hasMore: boolean;
  readonly status: string;
  readonly epoch: string;
}

/** A session's representation. */
export interface SessionJson {
  readonly id: string;
  readonly name: string | null;
  readonly state: string;
  readonly createdAt: string;
  readonly epoch: string;
  readonly source: {
    readonly type: string;
    readonly port: number;
    readonly connected: boolean;
    readonly sent: { readonly lines: number; readonly bytes: number };
    readonly [detail: string]: unknown;
  };
  readonly batchIntervalMs: number;
  readonly head: string | null;
  readonly tail: string | null;
  readonly followers: number;
  readonly total: TotalJson;
  readonly endReason: string | null;
}

/** A problem document. */
export interface ProblemJson {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

/** The first thing a follower is told. */
export interface HelloJson {
  readonly protocol: number;
  readonly session: string;
  readonly epoch: string;
  readonly head: string | null;
  readonly tail: string | null;
  readonly asked: string | null;
  readonly from: string;
  readonly status: string;
  readonly reason: string | null;
}

/** The last thing a follower is told. */
export interface EndJson {
  readonly reason: string;
  readonly state: string;
  readonly head: string | null;
  readonly total: TotalJson;
}

/** A bound, as `GET /limits` tells of it. */
export interface LimitJson {
  readonly name: string;
  readonly value: number | null;
  readonly unit: string;
  readonly of: string;
  readonly used: number | null;
  readonly consequence: string;
}
