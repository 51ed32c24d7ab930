/** Sessions: a source, its log, the ones who follow it. @module */

export { NO_TOTALS, seal, type Batch, type Cut, type Hashing, type Totals } from "./batch.ts";
export { WordCounts } from "./counts.ts";
export { formatCursor, parseCursor, type Cursor } from "./cursor.ts";
export { begin, entryAt, isGap, type Asked, type Beginning, type Gap } from "./follow.ts";
export { DEFAULT_LIMITS, type Limits } from "./limits.ts";
export type { BatchLog } from "./log.ts";
export { ManyWords } from "./many_words.ts";
export { randomName } from "./random_name.ts";
export type { Session } from "./session.ts";
export { Sessions } from "./sessions.ts";
export type { OpenSource, Source, SourceStatus } from "./source.ts";
export { parseSpec, parseStop, type EmitterSpec, type SessionSpec, type SocketSpec, type StopSpec } from "./spec.ts";
export { STATES } from "./state.ts";
