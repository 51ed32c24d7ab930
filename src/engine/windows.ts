/** Operations on the batches of a window: at T, those in (T - length, T]. @module */

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
  const kept = history(flow, { lengthMs, slideMs });
  return derive({
    parents: [flow],
    slideMs,
    cut: kept.cut,
    rdd: (time) => kept.between(time - lengthMs, time),
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
  const kept = history(reduced, { lengthMs: lengthMs + slideMs, slideMs });
  const undoes = lengthMs >= slideMs * INVERSE_FROM_SLIDES;
  let previous: RDD<readonly [K, V]> | undefined;
  const keep = (rdd: RDD<readonly [K, V]>): RDD<readonly [K, V]> => (filter === undefined ? rdd : rdd.filter(filter));

  const anew = (time: number): RDD<readonly [K, V]> =>
    kept.between(time - lengthMs, time).reduceByKey(reduce, partitions);
  const undo = (before: RDD<readonly [K, V]>, time: number): RDD<readonly [K, V]> => {
    const gone = kept.between(time - slideMs - lengthMs, time - lengthMs).reduceByKey(reduce, partitions);
    const come = kept.between(time - slideMs, time).reduceByKey(reduce, partitions);
    const left = before
      .cogroup(gone, partitions)
      .flatMapValues(([totals, lost]) =>
        totals.map((total) => lost.reduce((rest, value) => inverse(rest, value), total)),
      );
    return left.union(come).reduceByKey(reduce, partitions);
  };
  const cut = (time: number): void => {
    kept.cut(time);
    if (reduced.graph.isDue(time, slideMs))
      previous = keep(undoes && previous !== undefined ? undo(previous, time) : anew(time));
  };
  return derive({ parents: [reduced], slideMs, cut, rdd: () => previous ?? new RDD([]) });
}

/** Keeps a flow's batches for a time. */
function history<T>(
  flow: Flow<T>,
  { lengthMs, slideMs }: { readonly lengthMs: number; readonly slideMs: number },
): { cut: (time: number) => void; between: (after: number, until: number) => RDD<T> } {
  mustBeMultiple("window", lengthMs, flow.slideMs);
  mustBeMultiple("slide", slideMs, flow.slideMs);
  let kept: { readonly time: number; readonly rdd: RDD<T> }[] = [];
  return {
    cut(time) {
      if (!flow.graph.isDue(time, flow.slideMs)) return;
      kept = kept.filter((batch) => batch.time > time - lengthMs);
      kept.push({ time, rdd: flow.rdd(time) });
    },
    between: (after, until) =>
      RDD.union(kept.filter(({ time }) => time > after && time <= until).map(({ rdd }) => rdd)),
  };
}

function mustBeMultiple(name: string, ms: number, slideMs: number): void {
  if (ms > 0 && ms % slideMs === 0) return;
  throw new RangeError(
    `Cannot use a ${name} of ${ms} ms: a multiple of the stream's slide duration, ${slideMs} ms, is wanted`,
  );
}
