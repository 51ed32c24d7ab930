/** State that costs what is touched: Spark's `mapWithState`, of its Scala API. @module */

import { Generated, type Saved } from "./generated.ts";
import { derive, once, type Flow } from "./graph.ts";
import { KeyMap } from "./key_map.ts";
import { OneState, type State } from "./one_state.ts";
import { RDD } from "./rdd.ts";

/** Keys that have timed out are looked for at every tenth batch, when Spark checkpoints the state. */
const SCAN_SLIDES = 10;

/** Where the states stand at first, in how many partitions they are, and for how long they may be left alone, in ms. */
export interface StateSpec<K, S> {
  readonly initial: readonly (readonly [K, S])[];
  readonly partitions: number;
  readonly timeoutMs: number;
}

/** Called for each record of a key; and without a value, for the last time, when the key times out. */
export type StateFunction<K, V, S, M> = (key: K, value: V | undefined, state: State<S>) => M | undefined;

/** The stream of what `fn` returns, and the one of all states. */
export function mapWithState<K, V, S, M>(
  flow: Flow<readonly [K, V]>,
  fn: StateFunction<K, V, S, M>,
  { initial, partitions, timeoutMs }: StateSpec<K, S>,
): { mapped: Flow<M>; snapshots: Flow<readonly [K, S]> } {
  const { graph, slideMs } = flow;
  const states = new States<K, S>(initial);
  const generated = new Generated<M>("mapped", graph);

  const called = (key: K, value: V | undefined, state: OneState<S>): M[] => {
    const made = fn(key, value, state);
    return made === undefined ? [] : [made];
  };
  const isScan = (time: number): boolean =>
    timeoutMs !== Infinity && (time - graph.zeroTime) % (slideMs * SCAN_SLIDES) === 0;
  const rdd = (time: number): RDD<M> => {
    // A batch that failed has left the states in between: then there are no more, as in Spark.
    void generated.latest;
    const mapped = flow
      .rdd(time)
      .partitionBy(partitions)
      .partitions.map((records) =>
        records.flatMap(([key, value]) => {
          const state = states.of(key);
          const made = called(key, value, state);
          states.put(key, state, time);
          return made;
        }),
      );
    const expired = isScan(time) ? states.takeBefore(time - timeoutMs) : [];
    const last = new RDD([expired])
      .partitionBy(partitions)
      .partitions.map((records) =>
        records.flatMap(([key, state]) => called(key, undefined, new OneState(state, true))),
      );
    return new RDD(mapped.map((made, i) => made.concat(last[i] ?? [])));
  };
  const derived = derive({ parents: [flow], generated, rdd, isEager: true });
  const mapped = {
    ...derived,
    open: once(() => {
      derived.open();
      graph.addSaved(states);
    }),
  };
  const snapshot = (): RDD<readonly [K, S]> => new RDD([states.all()]).partitionBy(partitions);
  return { mapped, snapshots: derive({ parents: [mapped], rdd: snapshot, isEager: true }) };
}

/** A state with its key, and the batch time that touched it last. */
type Entry<K, S> = readonly [key: K, state: S, touchedAt: number];

class States<K, S> implements Saved {
  readonly kind = "mapWithState";
  #entries = new KeyMap<K, Entry<K, S>>();

  constructor(initial: readonly (readonly [K, S])[]) {
    for (const [key, state] of initial) this.#entries.set(key, [key, state, 0]);
  }

  of(key: K): OneState<S> {
    return new OneState(this.#entries.get(key)?.[1], false);
  }

  /** After a call: what became of the state of `key`. To be called is to be touched. */
  put(key: K, state: OneState<S>, time: number): void {
    if (state.isRemoved) this.#entries.delete(key);
    else if (state.exists()) this.#entries.set(key, [key, state.get(), time]);
  }

  /** Forgets those that were touched before `time`, and gives them. */
  takeBefore(time: number): (readonly [K, S])[] {
    const expired = this.#entries.values().filter(([, , touchedAt]) => touchedAt < time);
    for (const [key] of expired) this.#entries.delete(key);
    return expired.map(([key, state]) => [key, state]);
  }

  all(): (readonly [K, S])[] {
    return this.#entries.values().map(([key, state]) => [key, state]);
  }

  save(): unknown {
    return this.#entries.values();
  }

  restore(value: unknown): void {
    this.#entries = new KeyMap();
    for (const entry of value as Entry<K, S>[]) this.#entries.set(entry[0], entry);
  }
}
