/** Where streams begin. @module */

import { begin, type Flow, type Graph } from "./graph.ts";
import type { Input } from "./input.ts";
import { RDD } from "./rdd.ts";

/** The lines of an input: one by one as they come, or, where that is asked for, an interval's in one partition. */
export function linesFlow(graph: Graph, input: Input): Flow<string> {
  let gathered: string[] = [];
  const cut = (): RDD<string> => {
    const records = gathered;
    gathered = [];
    return new RDD(records.length === 0 ? [] : [records]);
  };
  return {
    ...begin(graph, cut, { connect: () => input.onText((line) => gathered.push(line), rethrow) }),
    subscribe: (sink, fail) => input.onText(sink, fail),
    origin: { input },
  };
}

/** How a queue is taken. */
export interface QueueOptions<T> {
  /** One list a batch; otherwise all in the first. Default true. */
  readonly oneAtATime?: boolean;
  /** What a batch has once the queue is empty. Default: one empty partition. */
  readonly default?: RDD<T> | readonly T[];
}

/** Lists, each in one partition, or RDDs, one or all a batch: Spark's `queueStream`. */
export function queueFlow<T>(
  graph: Graph,
  queue: readonly (RDD<T> | readonly T[])[],
  { oneAtATime = true, default: rest = [] }: QueueOptions<T>,
): Flow<T> {
  const waiting = queue.values();
  const next = (): RDD<T> | undefined => {
    if (!oneAtATime) {
      const all = [...waiting].map(rddOf);
      return all.length === 0 ? undefined : RDD.union(all);
    }
    const { done, value } = waiting.next();
    return done === true ? undefined : rddOf(value);
  };
  const connect = (): void =>
    graph.addSaved({
      kind: "queue",
      save() {
        throw new TypeError("Cannot save a queueStream in a checkpoint: a source that can go on is wanted");
      },
      restore() {},
    });
  return begin(graph, () => next() ?? rddOf(rest), { connect });
}

function rddOf<T>(records: RDD<T> | readonly T[]): RDD<T> {
  return records instanceof RDD ? records : RDD.of(records);
}

/** Nothing on this way can fail. */
function rethrow(failure: unknown): never {
  throw failure;
}
