/** Prints each batch's counts and the totals since the beginning, with its time; goes on from its checkpoints. @module */

import { add, pair, split, StreamingContext } from "sluice";

const [port = "", folder = ""] = process.argv.slice(2);

const ssc = await StreamingContext.getOrCreate(folder, () => {
  const made = new StreamingContext({ batchInterval: 100 });
  const ones = made.socketTextStream("127.0.0.1", Number(port)).flatMap(split(" ")).map(pair(1));
  const print = (name: string) => (rdd: { collect(): unknown }, time: number) =>
    process.stdout.write(`${JSON.stringify([name, time, rdd.collect()])}\n`);
  ones.reduceByKey(add).foreachRDD(print("counts"));
  ones
    .updateStateByKey((news: number[], total: number | undefined) => news.reduce(add, total ?? 0))
    .foreachRDD(print("totals"));
  ones.reduceByKeyAndWindow(add, (total, left) => total - left, 600, 100).foreachRDD(print("window"));
  return made;
});
await ssc.start();
await ssc.awaitTermination();
