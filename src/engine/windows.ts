/** Operations on the batches of a window: at T, those in (T - length, T]. @module */

import { Generated } from "./generated.ts";
import { derive, type Flow } from "./graph.ts";
import { onBatches } from "./narrow.ts";
import { reduceByKey } from "./fold.ts";
import { RDD } from "./rdd.ts";

/** Spark undoes what has left a window only where that saves work: from so many slides on. */
const INVERSE_FROM_SLIDES = 5;

/** How long a window is, and how often there is one, in ms. */
export interface Window {
  readonly lengthMs: number;
  /** Default: the stream's own slide. */
  readonly slideMs?: number | undefined;
}

/** How a window is reduced by key. */
export interface WindowReduction<K, V> {
  readonly reduce: (a: V, b: V) => V;
  /** Undoes `reduce`; null: windows are reduced anew. */
  readonly inverse: ((total: V, left: V) => V) | null;
  readonly partitions: number;
  /** Keys that are let go; only where there is an inverse. */
  readonly filter?: ((record: readonly [K, V]) => boolean) | undefined;
}

/** The records of the last batches, oldest first. Early windows hold what there is. */
export function window<T>(flow: Flow<T>, { lengthMs, slideMs = flow.slideMs }: Window): Flow<T> {
  keepFor(flow, lengthMs, slideMs);
  return derive({
    parents: [flow],
    slideMs,
    rdd: (time) => RDD.union(flow.between(time - lengthMs, time)),
  });
}

/** The reduced values of each key of a window, as PySpark computes them. */
export function reduceByKeyAndWindow<K, V>(
  flow: Flow<readonly [K, V]>,
  size: Window,
  reduction: WindowReduction<K, V>,
): Flow<readonly [K, V]> {
  const { reduce, inverse, partitions } = reduction;
  const reduced = reduceByKey(flow, reduce, partitions);
  if (inverse !== null) return incremental(reduced, size, { ...reduction, inverse });
  return onBatches(window(reduced, size), (rdd) => rdd.reduceByKey(reduce, partitions));
}

function incremental<K, V>(
  reduced: Flow<readonly [K, V]>,
  { lengthMs, slideMs = reduced.slideMs }: Window,
  { reduce, inverse, partitions, filter }: WindowReduction<K, V> & { inverse: (total: V, left: V) => V },
): Flow<readonly [K, V]> {
  keepFor(reduced, lengthMs, slideMs);
  reduced.keep(lengthMs + slideMs);
  const totals = new Generated<readonly [K, V]>("inverse window", reduced.graph);
  totals.keep(slideMs);
  const undoes = lengthMs >= slideMs * INVERSE_FROM_SLIDES;
  const between = (after: number, until: number): RDD<readonly [K, V]> =>
    RDD.union(reduced.between(after, until)).reduceByKey(reduce, partitions);

  const undo = (before: RDD<readonly [K, V]>, time: number): RDD<readonly [K, V]> => {
    const gone = between(time - slideMs - lengthMs, time - lengthMs);
    const come = between(time - slideMs, time);
    // None that left is as if nothing had: PySpark joins what left, and takes it for a missing side.
    const left = before
      .cogroup(gone, partitions)
      .flatMapValues(([sums, lost]) =>
        sums.map((total) => lost.reduce((rest, value) => (value === null ? rest : inverse(rest, value)), total)),
      );
    return left.union(come).reduceByKey(reduce, partitions);
  };
  const rdd = (time: number): RDD<readonly [K, V]> => {
    const before = undoes ? totals.latest : undefined;
    const reducedNow = before === undefined ? between(time - lengthMs, time) : undo(before, time);
    return filter === undefined ? reducedNow : reducedNow.filter(filter);
  };
  return derive({ parents: [reduced], slideMs, generated: totals, rdd });
}

/** Has the batches of a window kept. */
function keepFor(flow: Flow<unknown>, lengthMs: number, slideMs: number): void {
  mustBeMultiple("window", lengthMs, flow.slideMs);
  mustBeMultiple("slide", slideMs, flow.slideMs);
  flow.keep(lengthMs);
}

function mustBeMultiple(name: string, ms: number, slideMs: number): void {
  if (ms > 0 && ms % slideMs === 0) return;
  throw new RangeError(
    `Cannot use a ${name} of ${ms} ms: a multiple of the stream's slide duration, ${slideMs} ms, is wanted`,
  );
}
