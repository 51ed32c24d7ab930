/** What a stream may ask of its context: the stages to cut and the outputs to run. @module */

import type { Input, InputStats } from "./input.ts";
import type { CounterLimits } from "./counter.ts";
import type { Tick } from "./ticker.ts";

/** The records of one interval, as an output operation gets them. */
export interface MicroBatch<T> extends Tick {
  /** Cut before the interval was over, by a graceful stop. */
  readonly partial: boolean;
  /** The last batch of the context. */
  readonly final: boolean;
  readonly records: readonly T[];
  readonly input: InputStats;
  /** Records of new keys that came when a bound on distinct keys was reached. */
  readonly otherRecords: number;
  /** Between the cut and the start of this output's work, in ms. */
  readonly schedulingMs: number;
  /** When that work started, on the monotonic clock in ms. */
  readonly startedAt: number;
}

/** Holds an interval's records, or folds them, and passes its result on when the batch is cut. */
export interface Stage {
  cut(): void;
  /** Records this stage had no room for since the last call. */
  takeOther(): number;
}

/** Takes records one by one. */
export type RecordSink<T> = (record: T) => void;

/** An output operation: where its records gather and what is done with them. */
export interface Output<T> {
  take(): T[];
  run(batch: MicroBatch<T>): unknown;
}

/** The part of the context that streams build on. Stages are cut in the order they were added: upstream first. */
export interface Graph {
  readonly limits: CounterLimits;
  addStage(stage: Stage): void;
  addOutput<T>(subscribe: (sink: RecordSink<T>) => void, run: Output<T>["run"]): void;
}

/** How a stream came from the lines of an input, as far as the byte path can follow it. */
interface Origin {
  readonly input: Input;
  readonly separator?: string;
  readonly value?: number;
}

/** What a stream is made of: a way to get its records. */
export interface Flow<T> {
  readonly graph: Graph;
  /** Connects a taker of records; called only for streams that lead to an output. */
  readonly subscribe: (sink: RecordSink<T>) => void;
  readonly origin?: Origin | undefined;
}
