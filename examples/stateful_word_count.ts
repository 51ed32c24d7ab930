/**
 * Counts words since the beginning: `updateStateByKey` keeps a state for each word from batch to batch.
 * Against a server of lines such as `npx sluice emit --port 9999`: `node examples/stateful_word_count.ts [HOST] [PORT] [SECONDS] [INTERVAL]`.
 */

import { pair, split, StreamingContext } from "sluice";

const [host = "localhost", port = "9999", seconds = "30", interval = "5"] = process.argv.slice(2);
const batchInterval = Number(interval) * 1000;

const ssc = new StreamingContext({ batchInterval });

const words = ssc.socketTextStream(host, Number(port)).flatMap(split(" "));
const totals = words.map(pair(1)).updateStateByKey((news: number[], total: number | undefined) => {
  return news.reduce((sum, one) => sum + one, total ?? 0);
});
totals.pprint();

await ssc.start();
await ssc.awaitTerminationOrTimeout(Number(seconds) * 1000);
await ssc.stop({ gracefully: true });
