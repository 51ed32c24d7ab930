/**
 * Joins every batch with a list of words that are not to be counted.
 * Against a server of lines such as `npx sluice emit --port 9999`: `node examples/spam_filter.ts [HOST] [PORT] [SECONDS] [INTERVAL]`.
 */

import { add, pair, RDD, split, StreamingContext } from "sluice";

const [host = "localhost", port = "9999", seconds = "30", interval = "5"] = process.argv.slice(2);
const batchInterval = Number(interval) * 1000;

const ssc = new StreamingContext({ batchInterval });

const spam = RDD.of([["hello", true] as const, ["with", true] as const]);

const counts = ssc.socketTextStream(host, Number(port)).flatMap(split(" ")).map(pair(1)).reduceByKey(add);
const wanted = counts.transform((rdd) =>
  rdd
    .leftOuterJoin(spam)
    .filter(([, [, isSpam]]) => isSpam === null)
    .mapValues(([count]) => count),
);
wanted.pprint();

await ssc.start();
await ssc.awaitTerminationOrTimeout(Number(seconds) * 1000);
await ssc.stop({ gracefully: true });
