/** Operations on streams of pairs. @module */

import { WordCounter, type CounterLimits } from "./counter.ts";
import { add } from "./functions.ts";
import type { Flow, RecordSink, Stage } from "./graph.ts";

/** The first three steps of the word count are one pass over the bytes when the engine knows all three functions. */
export function reduceByKey<K, V>(flow: Flow<readonly [K, V]>, reduce: (a: V, b: V) => V): Flow<readonly [K, V]> {
  const fold = wordFold(flow, reduce) ?? new KeyedFold(flow, reduce);
  let connected = false;
  return {
    graph: flow.graph,
    subscribe(sink) {
      fold.onResult(sink);
      if (connected) return;
      connected = true;
      fold.connect();
      flow.graph.addStage(fold);
    },
  };
}

/** A stage that folds the records it is connected to. */
interface Fold<R> extends Stage {
  onResult(sink: RecordSink<R>): void;
  connect(): void;
}

class KeyedFold<K, V> implements Fold<readonly [K, V]> {
  readonly #flow: Flow<readonly [K, V]>;
  readonly #reduce: (a: V, b: V) => V;
  readonly #limits: CounterLimits;
  readonly #sinks: RecordSink<readonly [K, V]>[] = [];
  #folded = new Map<K, V>();
  #other = 0;

  constructor(flow: Flow<readonly [K, V]>, reduce: (a: V, b: V) => V) {
    this.#flow = flow;
    this.#reduce = reduce;
    this.#limits = flow.graph.limits;
  }

  onResult(sink: RecordSink<readonly [K, V]>): void {
    this.#sinks.push(sink);
  }

  connect(): void {
    this.#flow.subscribe(([key, value]) => this.#add(key, value));
  }

  cut(): void {
    const folded = this.#folded;
    this.#folded = new Map();
    for (const entry of folded) for (const sink of this.#sinks) sink(entry);
  }

  takeOther(): number {
    const other = this.#other;
    this.#other = 0;
    return other;
  }

  #add(key: K, value: V): void {
    const known = this.#folded.get(key);
    if (known !== undefined || this.#folded.has(key)) this.#folded.set(key, this.#reduce(known as V, value));
    else if (this.#folded.size < this.#limits.maxWords) this.#folded.set(key, value);
    else this.#other++;
  }
}

/** The byte path, or undefined where the chain is not split (on one ASCII character), pair, add. */
function wordFold<K, V>(
  { origin, graph }: Flow<readonly [K, V]>,
  reduce: (a: V, b: V) => V,
): Fold<readonly [K, V]> | undefined {
  if (origin?.separator === undefined || !Number.isSafeInteger(origin.value) || (reduce as unknown) !== add)
    return undefined;
  const { input, separator, value = 1 } = origin;
  if (separator.length !== 1 || separator.charCodeAt(0) > 0x7f) return undefined;
  const counter = new WordCounter(separator.charCodeAt(0), graph.limits);
  const sinks: RecordSink<readonly [string, number]>[] = [];
  let other = 0;
  const fold: Fold<readonly [string, number]> = {
    onResult: (sink) => sinks.push(sink),
    connect: () => input.onBytes(counter),
    cut() {
      const counted = counter.take();
      other += counted.other;
      counted.words.forEach((word, i) => {
        for (const sink of sinks) sink([word, (counted.counts[i] ?? 0) * value]);
      });
    },
    takeOther() {
      const taken = other;
      other = 0;
      return taken;
    },
  };
  // The chain was recognised: its keys are words and its values numbers.
  return fold as unknown as Fold<readonly [K, V]>;
}
