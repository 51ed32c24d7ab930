/**
 * Counts the words of the last six batches, every two: what leaves the window is taken off again.
 * Against a server of lines such as `npx sluice emit --port 9999`: `node examples/windowed_word_count.ts [HOST] [PORT] [SECONDS] [INTERVAL]`.
 */

import { add, pair, split, StreamingContext } from "sluice";

const [host = "localhost", port = "9999", seconds = "30", interval = "5"] = process.argv.slice(2);
const batchInterval = Number(interval) * 1000;

const ssc = new StreamingContext({ batchInterval });

const words = ssc.socketTextStream(host, Number(port)).flatMap(split(" "));
const counts = words
  .map(pair(1))
  .reduceByKeyAndWindow(add, (total, left) => total - left, 6 * batchInterval, 2 * batchInterval);
counts.pprint();

await ssc.start();
await ssc.awaitTerminationOrTimeout(Number(seconds) * 1000);
await ssc.stop({ gracefully: true });
