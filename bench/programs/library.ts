/**
 * The library at work: counts the words of a TCP server of this machine in batches, and when the server is done says each word with
 * its sum over all batches. `library.ts PORT INTERVAL_MS`. @module
 */

import { add, pair, split, StreamingContext } from "../../src/mod.ts";
import { sayCounts } from "./say_counts.ts";

const [port, interval] = process.argv.slice(2).map(Number);
const ssc = new StreamingContext({ batchInterval: interval ?? 1000, say: () => {} });
const counts = ssc
  .socketTextStream("127.0.0.1", port ?? 0)
  .flatMap(split(" "))
  .map(pair(1))
  .reduceByKey(add);
const batches: (readonly (readonly [string, number])[])[] = [];
counts.foreachRDD((rdd) => void batches.push(rdd.collect()));
const over = Promise.withResolvers<void>();
ssc.addStreamingListener({ onReceiverStopped: () => over.resolve() });
await ssc.start();
await over.promise;
await ssc.stop({ gracefully: true });
sayCounts(batches.flat());
