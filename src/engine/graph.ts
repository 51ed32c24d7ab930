/** What streams are built of: flows, stages and outputs, and the part of the context they build on. @module */

import type { CounterLimits } from "./counter.ts";
import type { Files } from "./files.ts";
import { Generated, type Saved } from "./generated.ts";
import type { InputStats } from "./input_stats.ts";
import type { Origin } from "./origins.ts";
import type { RDD } from "./rdd.ts";
import type { PreparedOutput } from "./ready_batch.ts";
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
  /** Between the batch time and the start of this output's work, in ms. */
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

/** Takes what a user's function threw. */
type Fail = (failure: unknown) => void;

/** What an output operation does with a batch; a promise it returns is awaited before the next. */
export type RunOutput<T> = (batch: MicroBatch<T>) => unknown;

/** An output operation, by its name in the API. */
export interface Output<T> {
  readonly name: string;
  readonly flow: Flow<T>;
  readonly run: RunOutput<T>;
  /** Makes ready what `run` would do with a batch that comes out so if nothing more comes before its time. */
  readonly prepare?: PrepareOutput<T> | undefined;
}

/** Gives what is to be done in place of `run`, or undefined. It may be asked again, and is to change nothing until then. */
export type PrepareOutput<T> = (batch: MicroBatch<T>) => PreparedOutput | undefined;

/** How the records of a stream can be had. */
export interface Flow<T> {
  readonly graph: Graph;
  /** Between two batches of this stream, in ms: the context's interval, or a window's slide. */
  readonly slideMs: number;
  /** Called once, before the start, where batches will be asked for: sees to it that they can be had. */
  open(): void;
  /** Before the opening: batches will be asked for until `ms` after their time, over a restart too. */
  keep(ms: number): void;
  /** The records of the batch at `time`, which is due: asked for after the stages have been cut. */
  rdd(time: number): RDD<T>;
  /** The next batch, if it were cut now; undefined where that is better not asked. If nothing comes until its time, its records are the same objects. */
  readonly peek?: (() => Peeked<T> | undefined) | undefined;
  /** The batches kept of the times in (after, until], oldest first. */
  readonly between: (after: number, until: number) => readonly RDD<T>[];
  /** Where records can be had as they come: called before the start. What fails on the way to `sink` is told to `fail`. */
  readonly subscribe?: ((sink: RecordSink<T>, fail: Fail) => void) | undefined;
  /** How the byte path can be taken: whose lines these are, or their words, or their pairs with a value. */
  readonly origin?: Origin | undefined;
}

/** A batch before its time. */
export type Peeked<T> = Pick<MicroBatch<T>, "rdd" | "otherRecords">;
/** What streams need of the context they belong to. */
export interface Graph {
  /** The context's batch interval in ms. */
  readonly batchMs: number;
  /** Partitions of a shuffle that is not told how many. */
  readonly partitions: number;
  readonly limits: CounterLimits;
  readonly print: (text: string) => void;
  /** How long every stream keeps its batches, in ms. */
  readonly rememberMs: number;
  readonly files: Files;
  /** Batch times are later than this one, in ms since the Unix epoch. */
  readonly zeroTime: number;
  /** The batch time cut last. */
  readonly lastTime: number;
  /** Whether a stream of that slide has a batch at a batch time: counted from the start of the context, as Spark does. */
  isDue(time: number, slideMs: number): boolean;
  /** A new stream; throws once the context has started. */
  addFlow(flow: Flow<unknown>): void;
  addStage(stage: Stage): void;
  addSaved(saved: Saved): void;
  addOutput<T>(output: Output<T>): void;
}

/** How a flow follows from its parents. */
interface Derivation<T> {
  readonly parents: readonly [Flow<unknown>, ...Flow<unknown>[]];
  readonly rdd: (time: number) => RDD<T>;
  /** Default: the first parent's. */
  readonly slideMs?: number;
  /** Its batches are made from those before, so each must be made. */
  readonly generated?: Generated<T>;
  /** Each batch is asked for when it is cut, for what comes later. */
  readonly isEager?: boolean;
}

/** A flow made of others' batches. Each batch is computed once, whoever asks. */
export function derive<T>({ parents, rdd, slideMs, generated: given, isEager = false }: Derivation<T>): Flow<T> {
  const { graph } = parents[0];
  const slide = slideMs ?? parents[0].slideMs;
  const generated = given ?? new Generated<T>("stream", graph);
  const make = (time: number): RDD<T> => generated.make(time, rdd);
  return {
    graph,
    slideMs: slide,
    open: once(() => {
      for (const parent of parents) parent.open();
      if (generated.isKept) graph.addSaved(generated);
      if (!isEager && !generated.isKept && graph.rememberMs === 0) return;
      graph.addStage({
        cut(time) {
          if (graph.isDue(time, slide)) make(time);
        },
      });
    }),
    keep: (ms) => generated.keep(ms),
    rdd: make,
    between: (after, until) => generated.between(after, until),
  };
}

/** What a beginning does besides making batches. */
interface Beginning {
  /** Called once, when batches will be asked for. */
  readonly connect?: () => void;
  readonly takeOther?: () => number;
}

/** A flow whose batches `cut` makes, one for each interval. */
export function begin<T>(graph: Graph, cut: (time: number) => RDD<T>, { connect, takeOther }: Beginning = {}): Flow<T> {
  const generated = new Generated<T>("input", graph);
  return {
    graph,
    slideMs: graph.batchMs,
    open: once(() => {
      connect?.();
      if (generated.isKept) graph.addSaved(generated);
      graph.addStage({
        cut: (time) => void generated.make(time, cut),
        ...(takeOther && { takeOther }),
      });
    }),
    keep: (ms) => generated.keep(ms),
    rdd: (time) => generated.at(time),
    between: (after, until) => generated.between(after, until),
  };
}

/** The batches a flow kept of the times in [from, to]; a time between two batches stands for the one before, as in Spark. */
export function slice<T>({ graph, slideMs, between }: Flow<T>, from: number, to: number): readonly RDD<T>[] {
  if (graph.rememberMs === 0 || graph.lastTime === 0)
    throw new TypeError("Cannot slice: a context that was told to remember(), and has been started, is wanted");
  const past = (((from - graph.zeroTime) % slideMs) + slideMs) % slideMs;
  return between(from - past - 1, to);
}

/** A stream that leads to several outputs is opened by each of them, and must do it once. */
export function once(run: () => void): () => void {
  let done = false;
  return () => {
    if (!done) run();
    done = true;
  };
}
