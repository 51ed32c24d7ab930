/** `sluice lab`: the seed's whole exercise in one terminal. @module */

import { add, pair, split, StreamingContext } from "../engine/mod.ts";
import { atMost, systemClock } from "../clock.ts";
import { DEFAULT_HOST } from "../config/mod.ts";
import { SocketReader } from "../sources/mod.ts";
import { safeText } from "../safe_text.ts";
import { EMITTER_OPTIONS, openEmitter } from "./emit.ts";
import type { Command } from "./options.ts";
import { endWhenNobodyReads, note, print, stopSignal } from "./terminal.ts";

const DAY_S = 86_400;
/** How long a stop waits for what was sent to be read. */
const DRAIN_MS = 1000;

export const lab: Command = {
  usage: "lab [options]",
  summary:
    "An emitter, a word count of every interval, and its batches as Spark's pprint prints them; then a graceful stop.",
  options: {
    ...EMITTER_OPTIONS,
    seconds: { type: "string", value: "SECONDS", help: "how long to run (default 30)" },
    interval: { type: "string", value: "SECONDS", help: "batch interval (default 5)" },
  },
  async run(given) {
    endWhenNobodyReads();
    const stopped = stopSignal();
    const batchInterval = Math.round(given.number("interval", { least: 0.1, most: DAY_S, otherwise: 5 }) * 1000);
    const runMs = given.number("seconds", { least: 0.1, most: DAY_S, otherwise: 30 }) * 1000;
    const emitter = await openEmitter(given, (event) => {
      if ("sent" in event) note(`[emitter] sent -> ${safeText(event.sent)}`);
    });
    note(`[emitter] listening on ${DEFAULT_HOST}:${emitter.port}, seed ${emitter.seed}`);

    const reader = new SocketReader({ clock: systemClock, host: DEFAULT_HOST, port: emitter.port, onEnd: () => true });
    const ssc = new StreamingContext({ batchInterval, print });
    const counts = ssc.lines(reader).flatMap(split(" ")).map(pair(1)).reduceByKey(add);
    const sums = { batches: 0, lines: 0, words: 0 };
    counts.pprint();
    counts.forEachBatch(({ rdd, input }) => {
      sums.batches++;
      sums.lines += input.lines;
      sums.words += rdd.collect().reduce((sum, [, count]) => sum + count, 0);
    });
    await ssc.start();
    await Promise.race([ssc.awaitTerminationOrTimeout(runMs), stopped]);
    await Promise.all([emitter.close(), atMost(systemClock, DRAIN_MS, reader.over())]);
    await ssc.stop({ gracefully: true });
    note(`Stopped: ${sums.batches} batches, ${sums.lines} of ${emitter.sent.lines} lines sent, ${sums.words} words`);
    return 0;
  },
};
