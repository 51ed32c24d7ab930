/** The engine: bytes -> lines -> words -> counts, once for each interval. @module */

export { compareCodePoints } from "./code_points.ts";
export type { CountedBytes } from "./counted.ts";
export { CountedRDD } from "./counted_rdd.ts";
export { StreamingContext, type ContextOptions } from "./context.ts";
export type { DStream, MapWithStateDStream } from "./dstream.ts";
export type { Checkpoints, FileEntry, Files, LoadedCheckpoint, TextFile } from "./files.ts";
export { add, pair, split } from "./functions.ts";
export type { MicroBatch } from "./graph.ts";
export type { PreparedOutput } from "./ready_batch.ts";
export type { ByteSink, Receiver } from "./input.ts";
export type { InputStats } from "./input_stats.ts";
export { useKernel } from "./kernel_module.ts";
export type { Dropped } from "./lines.ts";
export type { BatchInfo, OutputOperationInfo, ReceiverInfo, StreamingListener } from "./listener.ts";
export type { State } from "./one_state.ts";
export { PPRINT_RECORDS, pprint } from "./pprint.ts";
export { pyList, pythonLiteral } from "./python_literal.ts";
export { Recent } from "./recent.ts";
export { RDD } from "./rdd.ts";
export { DEFAULT_PARTITIONS, sparkOrder, sparkPartition } from "./spark_order.ts";
export { decodeUtf8 } from "./utf8.ts";
