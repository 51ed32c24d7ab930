/**
 * Counts words since the beginning: `updateStateByKey` keeps a state for each word from batch to batch, and over a restart,
 * as each batch's states are saved in a folder. Kill it and start it again: it goes on where it was.
 * Against a server of lines such as `npx sluice emit --port 9999`:
 * `node examples/stateful_word_count.ts [HOST] [PORT] [SECONDS] [INTERVAL] [FOLDER]`.
 */

import { pair, split, StreamingContext } from "sluice";

const [host = "localhost", port = "9999", seconds = "30", interval = "5", folder = "checkpoint"] =
  process.argv.slice(2);
const batchInterval = Number(interval) * 1000;

function create(): StreamingContext {
  const ssc = new StreamingContext({ batchInterval });
  const words = ssc.socketTextStream(host, Number(port)).flatMap(split(" "));
  const totals = words.map(pair(1)).updateStateByKey((news: number[], total: number | undefined) => {
    return news.reduce((sum, one) => sum + one, total ?? 0);
  });
  totals.pprint();
  return ssc;
}

const ssc = await StreamingContext.getOrCreate(folder, create);
await ssc.start();
await ssc.awaitTerminationOrTimeout(Number(seconds) * 1000);
await ssc.stop({ gracefully: true });
