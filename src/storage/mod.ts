/** Where batches are kept. @module */

export { MemoryLog } from "./memory.ts";
