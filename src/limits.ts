/** Every bound of the service: its name, its default, what it is of, and what happens at it. @module */

/** A bound. */
export interface Limit {
  /** Null: it is found when the service starts, as `shown` says. */
  readonly value: number | null;
  /** Of the value, such as `bytes`. */
  readonly unit: string;
  /** What is bounded, after a number and its unit. */
  readonly of: string;
  readonly consequence: string;
  readonly shown?: string;
}

/** By name, in the order in which `GET /limits` and ARCHITECTURE.md have them. */
export const LIMITS = {
  maxSessions: {
    value: 64,
    unit: "sessions",
    of: "that are not over",
    consequence: "429 too-many-sessions",
  },
  maxFinishedSessions: {
    value: 64,
    unit: "sessions",
    of: "that are over",
    consequence: "the one that ended first is forgotten",
  },
  maxCreationsPerMinute: {
    value: 10,
    unit: "sessions",
    of: "started within a minute from one address; not from this machine",
    consequence: "429 too-many-creations, until one more may be started",
  },
  maxIdempotencyKeys: {
    value: 1000,
    unit: "keys",
    of: "of Idempotency-Key that are known",
    consequence: "the oldest is forgotten: its request would start another session",
  },
  maxIdempotencyKeyMs: { value: 86_400_000, unit: "ms", of: "of age of such a key", consequence: "it is forgotten" },
  maxFollowers: { value: 20_000, unit: "followers", of: "of a session", consequence: "429 too-many-followers" },
  maxFollowersPerAddress: {
    value: 256,
    unit: "followers",
    of: "of a session from one address; not from this machine",
    consequence: "429 too-many-followers",
  },
  maxTotalFollowers: {
    value: 40_000,
    unit: "followers",
    of: "of all sessions",
    consequence: "429 too-many-followers",
  },
  maxAddresses: {
    value: 10_000,
    unit: "addresses",
    of: "whose sessions of the last minute are counted",
    consequence: "the one that was seen the longest ago is forgotten",
  },
  maxTickets: {
    value: 10_000,
    unit: "tickets",
    of: "not yet used",
    consequence: "429 too-many-tickets",
  },
  maxTicketMs: { value: 30_000, unit: "ms", of: "between a ticket and its use", consequence: "401" },
  maxDescriptors: {
    value: null,
    unit: "descriptors",
    of: "of sessions (3 with an emitter, 1 another) and followers (1 a connection)",
    consequence: "503 too-many-descriptors; what was half made is taken back",
    shown: "95 % of ulimit -n,",
  },
  maxBatches: {
    value: 1000,
    unit: "batches",
    of: "kept of a session",
    consequence: "the oldest goes; tail, gap and status say so",
  },
  maxHistoryBytes: {
    value: 67_108_864,
    unit: "bytes",
    of: "kept of a session, of the database's file, or of texts as V8 holds them",
    consequence: "the oldest batch goes, but never the newest",
  },
  maxHistoryMs: {
    value: 604_800_000,
    unit: "ms",
    of: "before the newest batch of a session",
    consequence: "the oldest batch goes, but never the newest",
  },
  maxLineLength: {
    value: 1_048_576,
    unit: "bytes",
    of: "of a line",
    consequence: "the rest is cut, counted in dropped",
  },
  maxWords: {
    value: 1_000_000,
    unit: "words",
    of: "distinct in an interval",
    consequence: "new words are counted in otherWords",
  },
  maxWordBytes: {
    value: 67_108_864,
    unit: "bytes",
    of: "of an interval's distinct words",
    consequence: "new words are counted in otherWords",
  },
  // One is worked on and one waits: a third interval would only take memory, so its bytes stay with their sender.
  maxPendingBatches: {
    value: 2,
    unit: "batches",
    of: "of a session not yet in the log",
    consequence: "it reads no more until there are fewer",
  },
  maxProducers: {
    value: 64,
    unit: "producers",
    of: "of a session at a time, over TCP, HTTP or WebSocket",
    consequence: "429 too-many-producers; over TCP the connection is closed",
  },
  maxSourceIdleMs: {
    value: 600_000,
    unit: "ms",
    of: "of a producer, or a server beyond this machine, that says nothing",
    consequence: "it is let go; a body: 400 body-incomplete",
  },
  maxWaitingBytes: {
    value: 1_048_576,
    unit: "bytes",
    of: "of messages that bring lines and wait, of a WebSocket",
    consequence: "closed with 1013",
  },
  maxJsonLineLength: {
    value: 1_048_576,
    unit: "bytes",
    of: "of a value of NDJSON, in characters",
    consequence: "413 body-too-large",
  },
  maxBodyBytes: { value: 65_536, unit: "bytes", of: "of a body, but one of lines", consequence: "413 body-too-large" },
  maxBodyMs: { value: 15_000, unit: "ms", of: "until a body is whole", consequence: "408 body-too-slow" },
  maxWaitingRequests: {
    value: 16,
    unit: "requests",
    of: "of a connection that wait for the one before",
    consequence: "it is read no more until there are fewer (Node; Deno and Bun read one at a time)",
  },
  maxMessageBytes: {
    value: 65_536,
    unit: "bytes",
    of: "of a WebSocket's message",
    consequence: "closed with 1009",
  },
  maxUnreadMessages: {
    value: 64,
    unit: "messages",
    of: "taken from a WebSocket that is full",
    consequence: "it is cut",
  },
  maxSessionsPerConnection: {
    value: 100,
    unit: "sessions",
    of: "followed over one connection",
    consequence: "400 on SSE, an error on WebSocket",
  },
  maxIdleMs: {
    value: 30_000,
    unit: "ms",
    of: "of a WebSocket at /ws that follows nothing",
    consequence: "closed with 1000",
  },
  maxBufferedBytes: {
    value: 262_144,
    unit: "bytes",
    of: "unsent of a follower, and one batch more",
    consequence: "it waits, and reads on from its place in the log",
  },
  maxStalledMs: {
    value: 30_000,
    unit: "ms",
    of: "without progress of a follower for which more waits",
    consequence: "it is cut",
  },
} as const;

/** The name of a bound. */
export type LimitName = keyof typeof LIMITS;

/** What each bound is; Infinity where there is none. */
export type Limits = Readonly<Record<LimitName, number>>;

/** The bounds by name, as they are described. */
export const LIMIT_ENTRIES: readonly (readonly [LimitName, Limit])[] = Object.entries(LIMITS) as [LimitName, Limit][];

/** What they are where nothing else is said. */
export const DEFAULT_LIMITS: Limits = Object.fromEntries(
  LIMIT_ENTRIES.map(([name, { value }]) => [name, value ?? Infinity]),
) as Record<LimitName, number>;
