/** Operations on the batches of a window: at T, those in (T - length, T]. @module */

import { Generated } from "./generated.ts";
import { derive, type Flow } from "./graph.ts";
import { reduceByKey } from "./fold.ts";
import { isAdd } from "./functions.ts";
import type { KeyIndex } from "./key_index.ts";
import { Places } from "./places.ts";
import { RDD } from "./rdd.ts";
import { SlidingSums } from "./sliding_sums.ts";

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
  return anew(reduced, size, reduction);
}

/** All batches of a window merged, oldest first; sums of whole numbers are taken from the window before. */
function anew<K, V>(
  reduced: Flow<readonly [K, V]>,
  { lengthMs, slideMs = reduced.slideMs }: Window,
  { reduce, partitions }: WindowReduction<K, V>,
): Flow<readonly [K, V]> {
  keepFor(reduced, lengthMs, slideMs);
  // It takes numbers only, whatever the type says.
  const sums = isAdd(reduce) ? (new SlidingSums(partitions) as unknown as Sums<K, V>) : undefined;
  const rdd = (time: number): RDD<readonly [K, V]> => {
    const batches = reduced.between(time - lengthMs, time);
    return sums?.of(batches) ?? RDD.union(batches).reduceByKey(reduce, partitions);
  };
  return derive({ parents: [reduced], slideMs, rdd });
}

interface Sums<K, V> {
  of(batches: readonly RDD<readonly [K, V]>[]): RDD<readonly [K, V]> | undefined;
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
  const places = new Places<K>();
  const between = (after: number, until: number): RDD<readonly [K, V]> => {
    const batches = reduced.between(after, until);
    const [one] = batches;
    // A batch alone has been reduced.
    return one !== undefined && batches.length === 1 ? one : RDD.union(batches).reduceByKey(reduce, partitions);
  };

  const undo = (before: RDD<readonly [K, V]>, time: number): RDD<readonly [K, V]> => {
    const gone = between(time - slideMs - lengthMs, time - lengthMs);
    const come = between(time - slideMs, time);
    const indexes = places.take(before);
    const left = indexes.map((index, i) =>
      without(before.partitions[i] ?? [], gone.partitions[i] ?? [], { index, inverse }),
    );
    indexes.forEach((index, i) => addTo(left[i] ?? [], come.partitions[i] ?? [], { index, reduce }));
    const made = new RDD(left, true);
    const kept = filter === undefined ? made : made.filter(filter);
    places.keep(kept, indexes);
    return kept;
  };
  const rdd = (time: number): RDD<readonly [K, V]> => {
    const before = undoes ? totals.latest : undefined;
    if (before !== undefined) return undo(before, time);
    const all = between(time - lengthMs, time);
    return filter === undefined ? all : all.filter(filter);
  };
  return derive({ parents: [reduced], slideMs, generated: totals, rdd });
}

type Records<K, V> = readonly (readonly [K, V])[];

/** The totals less what has left the window. */
function without<K, V>(
  totals: Records<K, V>,
  gone: Records<K, V>,
  { index, inverse }: { readonly index: KeyIndex<K>; readonly inverse: (total: V, left: V) => V },
): (readonly [K, V])[] {
  const left = totals.slice();
  for (const [key, value] of gone) {
    const place = index.find(key);
    const total = left[place];
    // None that left is as if nothing had: PySpark joins what left, and takes it for a missing side.
    if (total !== undefined && value !== null) left[place] = [total[0], inverse(total[1], value)];
  }
  return left;
}

/** Adds what has come into the window to the totals, new keys after all others. */
function addTo<K, V>(
  totals: (readonly [K, V])[],
  come: Records<K, V>,
  { index, reduce }: { readonly index: KeyIndex<K>; readonly reduce: (a: V, b: V) => V },
): void {
  for (const record of come) {
    const place = index.find(record[0]);
    const total = totals[place];
    if (total === undefined) {
      index.add(record[0]);
      totals.push(record);
    } else totals[place] = [total[0], reduce(total[1], record[1])];
  }
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
