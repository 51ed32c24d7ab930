/** Streams of lists: lists in, lists out. @module */

import { StreamingContext, type DStream } from "../../src/engine/mod.ts";
import { ManualClock } from "./manual_clock.ts";

/** Runs an operation on batches of records, one list each second; gives the batches that come out, one list each; rejects with its failure. */
export async function operate<T, U>(
  batches: readonly (readonly T[])[],
  operation: (stream: DStream<T>, context: StreamingContext) => DStream<U>,
  { seconds = batches.length, partitions = 2 }: { seconds?: number; partitions?: number } = {},
): Promise<(readonly U[])[]> {
  const clock = new ManualClock();
  const context = new StreamingContext({ batchInterval: 1000, clock, partitions });
  const out: (readonly U[])[] = [];
  operation(context.queueStream(batches), context).foreachRDD((rdd) => out.push(rdd.collect()));
  await context.start();
  await clock.advance(1000 * seconds);
  await context.stop();
  await context.awaitTermination();
  return out;
}
