/** State that goes from batch to batch. @module */

import { Generated } from "./generated.ts";
import { derive, type Flow } from "./graph.ts";
import type { KeyIndex } from "./key_index.ts";
import { Places } from "./places.ts";
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
  const places = new Places<K>();
  const rdd = (time: number): RDD<readonly [K, S]> => {
    // Of a key's several initial states the first is meant.
    const before = states.latest ?? new RDD([initial]).reduceByKey((first) => first, partitions);
    const come = flow.rdd(time).partitionBy(partitions).partitions;
    const indexes = places.take(before);
    const updated = indexes.map((index, i) => {
      const old = before.partitions[i] ?? [];
      const values = valuesOf(index, come[i] ?? []);
      const made: (readonly [K, S])[] = [];
      index.keys.forEach((key, place) => {
        const record = old[place];
        const state = update(values[place] ?? [], record?.[1]);
        if (state === undefined || state === null) return;
        made.push(record !== undefined && record[1] === state ? record : [key, state]);
      });
      return made;
    });
    const made = new RDD(updated, true);
    places.keep(made, indexes);
    return made;
  };
  return derive({ parents: [flow], generated: states, rdd });
}

/** New values by the places of their keys, to which new keys are added. */
function valuesOf<K, V>(index: KeyIndex<K>, records: readonly (readonly [K, V])[]): (V[] | undefined)[] {
  const values: (V[] | undefined)[] = [];
  for (const [key, value] of records) {
    let place = index.find(key);
    if (place === -1) {
      place = index.keys.length;
      index.add(key);
    }
    const those = values[place];
    if (those === undefined) values[place] = [value];
    else those.push(value);
  }
  return values;
}
