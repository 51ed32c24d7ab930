/** What streams are built of: flows, stages and outputs, and the part of the context they build on. @module */

import type { CounterLimits } from "./counter.ts";
import type { Input, InputStats } from "./input.ts";
import { RDD } from "./rdd.ts";
import type { Tick } from "./ticker.ts";

/** The records of one interval, as an output operation gets them. */
export interface MicroBatch<T> extends Tick {
  /** Cut before the interval was over, by a graceful stop. */
  readonly partial: boolean;
  /** The last batch of the context. */
  readonly final: boolean;
  readonly rdd: RDD<T>;
  readonly input: InputStats;
  /** Records of new keys that came when a bound on distinct keys was reached. */
  readonly otherRecords: number;
  /** Between the cut and the start of this output's work, in ms. */
  readonly schedulingMs: number;
  /** When that work started, on the monotonic clock in ms. */
  readonly startedAt: number;
}

/** Holds an interval's records, or folds them, and is told of every batch time. */
export interface Stage {
  cut(time: number): void;
  /** Records this stage had no room for in the interval just cut. */
  takeOther?(): number;
}

/** Takes records one by one. */
type RecordSink<T> = (record: T) => void;

/** What an output operation does with a batch; a promise it returns is awaited before the next. */
export type RunOutput<T> = (batch: MicroBatch<T>) => unknown;

/** How a stream came from the lines of an input, as far as the byte path can follow it. */
interface Origin {
  readonly input: Input;
  readonly separator?: string;
  readonly value?: number;
}

/** What a stream is made of: a way to get its records. */
export interface Flow<T> {
  readonly graph: Graph;
  /** Between two of its batches, in ms. */
  readonly slideMs: number;
  /** Gets ready to be asked for batches; called before the start, and only for what leads to an output. */
  readonly open: () => void;
  /** The batch of a batch time, once the stages have been cut. */
  readonly rdd: (time: number) => RDD<T>;
  /** Connects a taker of single records, where records can be had as they arrive. */
  readonly subscribe?: ((sink: RecordSink<T>) => void) | undefined;
  readonly origin?: Origin | undefined;
}

/** The part of the context that streams build on. Stages are cut in the order they were added: upstream first. */
export interface Graph {
  readonly batchMs: number;
  /** Partitions of a shuffle that is not told how many. */
  readonly partitions: number;
  readonly limits: CounterLimits;
  /** Writes what `pprint` prints. */
  readonly print: (text: string) => void;
  /** Whether a stream of that slide has a batch at a batch time: counted from the start of the context, as Spark does. */
  isDue(time: number, slideMs: number): boolean;
  addStage(stage: Stage): void;
  addOutput<T>(flow: Flow<T>, run: RunOutput<T>): void;
}

/** How a flow follows from its parents. */
interface Derivation<T> {
  readonly parents: readonly [Flow<unknown>, ...Flow<unknown>[]];
  readonly rdd: (time: number) => RDD<T>;
  /** Default: the first parent's. */
  readonly slideMs?: number;
  /** Called at every batch time, after the parents' stages, by a flow that must see each of them. */
  readonly cut?: (time: number) => void;
}

/** A flow made of others' batches. Each batch is computed once, whoever asks. */
export function derive<T>({ parents, rdd, slideMs, cut }: Derivation<T>): Flow<T> {
  const { graph } = parents[0];
  let computedAt = Number.NaN;
  let computed = new RDD<T>([]);
  return {
    graph,
    slideMs: slideMs ?? parents[0].slideMs,
    open: once(() => {
      for (const parent of parents) parent.open();
      if (cut !== undefined) graph.addStage({ cut });
    }),
    rdd(time) {
      if (time !== computedAt) {
        computed = rdd(time);
        computedAt = time;
      }
      return computed;
    },
  };
}

/** A stream that leads to several outputs is opened by each of them, and must do it once. */
export function once(run: () => void): () => void {
  let done = false;
  return () => {
    if (!done) run();
    done = true;
  };
}
