/**
 * Counts the words of every batch: the seed's laboratory as a program.
 * Against a server of lines such as `npx sluice emit --port 9999`: `node examples/network_word_count.ts [HOST] [PORT] [SECONDS] [INTERVAL]`.
 */

import { add, pair, split, StreamingContext } from "sluice";

const [host = "localhost", port = "9999", seconds = "30", interval = "5"] = process.argv.slice(2);

const ssc = new StreamingContext({ batchInterval: Number(interval) * 1000 });
const lines = ssc.socketTextStream(host, Number(port));
const counts = lines.flatMap(split(" ")).map(pair(1)).reduceByKey(add);
counts.pprint();

await ssc.start();
await ssc.awaitTerminationOrTimeout(Number(seconds) * 1000);
await ssc.stop({ gracefully: true });
