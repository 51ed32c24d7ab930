/** Operations on streams of pairs, batch by batch. @module */

import { foldByKey } from "./fold.ts";
import type { Flow } from "./graph.ts";
import { onBatches, onBoth } from "./narrow.ts";
import type { Combiner } from "./rdd.ts";

/** Which sides of a join a key may be missing from. */
export interface Outer {
  readonly left: boolean;
  readonly right: boolean;
}

export function reduceByKey<K, V>(
  flow: Flow<readonly [K, V]>,
  reduce: (a: V, b: V) => V,
  partitions: number,
): Flow<readonly [K, V]> {
  return foldByKey(flow, reduce, partitions) ?? onBatches(flow, (rdd) => rdd.reduceByKey(reduce, partitions));
}

export function combineByKey<K, V, C>(
  flow: Flow<readonly [K, V]>,
  combiner: Combiner<V, C>,
  partitions: number,
): Flow<readonly [K, C]> {
  return onBatches(flow, (rdd) => rdd.combineByKey(combiner, partitions));
}

export function cogroup<K, V, W>(
  left: Flow<readonly [K, V]>,
  right: Flow<readonly [K, W]>,
  partitions: number,
): Flow<readonly [K, readonly [V[], W[]]]> {
  return onBoth(left, right, (a, b) => a.cogroup(b, partitions));
}

/** Every value of a key here with every value of it there; where a side may be missing it is null. */
export function join<K, V, W>(
  grouped: Flow<readonly [K, readonly [V[], W[]]]>,
  outer: Outer,
): Flow<readonly [K, readonly [V | null, W | null]]> {
  return onBatches(grouped, (rdd) =>
    rdd.flatMap(([key, [values, others]]) => {
      const left = outer.right && values.length === 0 ? [null] : values;
      const right = outer.left && others.length === 0 ? [null] : others;
      return left.flatMap((a) => right.map((b): readonly [K, readonly [V | null, W | null]] => [key, [a, b]]));
    }),
  );
}
