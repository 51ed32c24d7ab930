/** Where streams begin. @module */

import { once, type Flow, type Graph } from "./graph.ts";
import type { Input } from "./input.ts";
import { RDD } from "./rdd.ts";

/** The lines of an input: one by one as they come, or, where that is asked for, an interval's in one partition. */
export function linesFlow(graph: Graph, input: Input): Flow<string> {
  let gathered: string[] = [];
  let current = new RDD<string>([]);
  const cut = (): void => {
    current = new RDD(gathered.length === 0 ? [] : [gathered]);
    gathered = [];
  };
  return {
    graph,
    slideMs: graph.batchMs,
    rdd: () => current,
    subscribe: (sink) => input.onText(sink),
    open: once(() => {
      input.onText((line) => gathered.push(line));
      graph.addStage({ cut });
    }),
    origin: { input },
  };
}

/** One list a batch, each in one partition, then empty lists: Spark's `queueStream`. */
export function queueFlow<T>(graph: Graph, queue: readonly (readonly T[])[]): Flow<T> {
  const waiting = queue.values();
  let current = new RDD<T>([]);
  const cut = (): void => {
    const next = waiting.next();
    current = new RDD([next.done === true ? [] : next.value]);
  };
  return { graph, slideMs: graph.batchMs, rdd: () => current, open: once(() => graph.addStage({ cut })) };
}
