/**
 * The three most frequent hashtags of the last three batches.
 * Against a server of lines such as `npx sluice emit --port 9999`: `node examples/top_hashtags.ts [HOST] [PORT] [SECONDS] [INTERVAL]`.
 */

import { add, pair, split, StreamingContext } from "sluice";

const [host = "localhost", port = "9999", seconds = "30", interval = "5"] = process.argv.slice(2);
const batchInterval = Number(interval) * 1000;

const ssc = new StreamingContext({ batchInterval });

const words = ssc.socketTextStream(host, Number(port)).flatMap(split(" "));
const tags = words.filter((word) => word.startsWith("#")).map(pair(1));
const counts = tags.reduceByKeyAndWindow(add, null, 3 * batchInterval);
const sorted = counts.transform((rdd) => rdd.sortBy(([, count]) => -count));
sorted.pprint(3);

await ssc.start();
await ssc.awaitTerminationOrTimeout(Number(seconds) * 1000);
await ssc.stop({ gracefully: true });
