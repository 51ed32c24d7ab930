/** State that goes from batch to batch. @module */

import { Generated } from "./generated.ts";
import { derive, type Flow } from "./graph.ts";
import { RDD } from "./rdd.ts";

/** What a key's state becomes: from its new values (perhaps none) and the old state; undefined, or null, lets the key go. */
export type Update<V, S> = (values: V[], state: S | undefined) => S | null | undefined;

/** Where the states stand at first, and in how many partitions they are kept. */
export interface StateOptions<K, S> {
  readonly initial: readonly (readonly [K, S])[];
  readonly partitions: number;
}

/** Spark's `updateStateByKey`: called for every known key in every batch. Known keys come before new ones. */
export function updateStateByKey<K, V, S>(
  flow: Flow<readonly [K, V]>,
  update: Update<V, S>,
  { initial, partitions }: StateOptions<K, S>,
): Flow<readonly [K, S]> {
  const states = new Generated<readonly [K, S]>("state", flow.graph);
  states.keep(flow.slideMs);
  const rdd = (time: number): RDD<readonly [K, S]> => {
    const before = states.latest ?? new RDD([initial]);
    return before.cogroup(flow.rdd(time), partitions).flatMapValues(([[old], values]) => {
      const state = update(values, old);
      return state === undefined || state === null ? [] : [state];
    });
  };
  return derive({ parents: [flow], generated: states, rdd });
}
