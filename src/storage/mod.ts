/** Where batches are kept. @module */

export { MemoryLog, MemoryStore } from "./memory.ts";
export { SqliteStore } from "./sqlite/store.ts";
