/** Sessions: a source, its log, the ones who follow it. @module */

export { parseSpec, parseStop, parseTicket } from "./asked.ts";
export { factsJson, NO_TOTALS, seal, type Batch, type Cut, type Delays, type Hashing, type Totals } from "./batch.ts";
export { WordCounts, type WordCount } from "./counts.ts";
export { formatCursor, parseCursor, type Cursor } from "./cursor.ts";
export { begin, entryAt, isGap, type Asked, type Beginning, type Gap } from "./follow.ts";
export { Histogram, type HistogramReading } from "./histogram.ts";
export type { Feed, Intake } from "./intake.ts";
export { DEFAULT_LIMITS, type Limits } from "../limits.ts";
export type { BatchLog, PreparedBatch } from "./log.ts";
export { ManyWords } from "./many_words.ts";
export type { Measures } from "./measures.ts";
export { randomName } from "./random_name.ts";
export { isTooMuch, type HistoryLimits } from "./retention.ts";
export type { Session } from "./session.ts";
export { descriptorsOf, Sessions } from "./sessions.ts";
export type { AlreadyRead, OpenSource, Source, SourceStatus } from "./source.ts";
export type { EmitterSpec, ListenSpec, SessionSpec, SocketSpec, StopSpec, TicketSpec } from "./spec.ts";
export type { Kept, SessionEnd, SessionRecord, SessionStore, StoreHealth } from "./store.ts";
export { STATES, type SessionState } from "./state.ts";
