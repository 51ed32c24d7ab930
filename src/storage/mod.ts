/** Where batches are kept. @module */

export { MemoryLog, MemoryStore } from "./memory.ts";
export { openSqliteStore } from "./sqlite/open.ts";
