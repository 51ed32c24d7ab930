/** The streaming context: inputs, the tick, the outputs; start, await, stop. @module */

import { atMost, systemClock, type Clock } from "../clock.ts";
import type { CounterLimits } from "./counter.ts";
import { DStream } from "./dstream.ts";
import type { Graph, MicroBatch, Output, RecordSink, Stage } from "./graph.ts";
import { Input, sumStats, type InputStats, type Receiver } from "./input.ts";
import { MAX_LINE_LENGTH } from "./lines.ts";
import { Ticker, type MissedTicks, type Tick } from "./ticker.ts";

/** How a context works; only the interval has no default. */
export interface ContextOptions extends Partial<CounterLimits> {
  /** Batch interval in ms. */
  readonly batchInterval: number;
  /** Default: the system's clock. */
  readonly clock?: Clock;
  /** Longest line in bytes; a longer one is cut. Default 1 MiB. */
  readonly maxLineLength?: number;
  /** Default `fire`, as Spark. */
  readonly missedTicks?: MissedTicks;
}

type State = "initialized" | "active" | "stopping" | "stopped";

/** Runs streams in micro-batches. Outputs run one at a time and in order, as Spark's jobs do. */
export class StreamingContext {
  readonly #clock: Clock;
  readonly #ticker: Ticker;
  readonly #maxLineLength: number;
  readonly #limits: CounterLimits;
  readonly #inputs: Input[] = [];
  readonly #stages: Stage[] = [];
  readonly #outputs: { connect: () => void; output: Output<unknown> }[] = [];
  readonly #ended: PromiseWithResolvers<void> = Promise.withResolvers();
  #state: State = "initialized";
  #stopped: Promise<InputStats> | undefined;
  #jobs: Promise<void> = Promise.resolve();

  constructor(options: ContextOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#ticker = new Ticker(this.#clock, options.batchInterval, options.missedTicks ?? "fire");
    this.#maxLineLength = options.maxLineLength ?? MAX_LINE_LENGTH;
    this.#limits = { maxWords: options.maxWords ?? Infinity, maxWordBytes: options.maxWordBytes ?? 2 ** 30 };
    // A failure is told to those who await; to have nobody await is not a failure more.
    this.#ended.promise.catch(() => {});
  }

  /** The next batch time in ms since the Unix epoch; 0 before the start. */
  get nextBatchTime(): number {
    return this.#ticker.next;
  }

  /** The lines of a byte stream. */
  lines(receiver: Receiver): DStream<string> {
    this.#mustNotHaveStarted();
    const input = new Input(receiver, this.#maxLineLength);
    this.#inputs.push(input);
    return new DStream({ graph: this.#graph(), subscribe: (sink) => input.onText(sink), origin: { input } });
  }

  /** Starts the clockwork, then the receivers; rejects, stopped, when a receiver cannot start at all. */
  async start(): Promise<void> {
    this.#mustNotHaveStarted();
    if (this.#outputs.length === 0)
      throw new TypeError("Cannot start a context without an output operation: one is wanted");
    this.#state = "active";
    for (const { connect } of this.#outputs) connect();
    this.#ticker.start((tick) => this.#cut(tick, { partial: false, final: false }));
    try {
      await Promise.all(this.#inputs.map((input) => input.receiver.start(input)));
    } catch (failure) {
      await this.stop();
      throw failure;
    }
  }

  /**
   * Stops for good; again: the same answer. Gracefully, what has arrived is one last batch (`partial`, `final`), and the
   * outputs have run when this resolves; otherwise what has arrived since the last batch is dropped, and its measure returned.
   */
  stop(options: { readonly gracefully?: boolean } = {}): Promise<InputStats> {
    this.#stopped ??= this.#stop(options.gracefully ?? false);
    return this.#stopped;
  }

  /** Resolves when the context has stopped; rejects with the first failure of an output. */
  awaitTermination(): Promise<void> {
    return this.#ended.promise;
  }

  /** As {@link awaitTermination}, for `timeoutMs` at the most: true when stopped, false when time ran out. */
  async awaitTerminationOrTimeout(timeoutMs: number): Promise<boolean> {
    const ended = this.#ended.promise.then(() => true);
    return (await atMost(this.#clock, timeoutMs, ended)) ?? false;
  }

  async #stop(gracefully: boolean): Promise<InputStats> {
    const wasActive = this.#state === "active";
    this.#state = "stopping";
    await Promise.all(this.#inputs.map(({ receiver }) => receiver.stop()));
    for (const input of this.#inputs) input.abandon();
    const tick = this.#ticker.stop();
    if (wasActive && gracefully) this.#cut(tick, { partial: true, final: true });
    const left = sumStats(this.#inputs.map((input) => input.takeStats()));
    await this.#jobs;
    this.#state = "stopped";
    this.#ended.resolve();
    return left;
  }

  #cut(tick: Tick, flags: { partial: boolean; final: boolean }): void {
    const submittedAt = this.#clock.elapsed();
    for (const stage of this.#stages) stage.cut();
    const otherRecords = this.#stages.reduce((sum, stage) => sum + stage.takeOther(), 0);
    const input = sumStats(this.#inputs.map((each) => each.takeStats()));
    for (const { output } of this.#outputs) {
      const records = output.take();
      this.#jobs = this.#runAfter(this.#jobs, output, (startedAt) => {
        const schedulingMs = startedAt - submittedAt;
        return { ...tick, ...flags, records, input, otherRecords, schedulingMs, startedAt };
      });
    }
  }

  async #runAfter<T>(
    before: Promise<void>,
    output: Output<T>,
    batchAt: (startedAt: number) => MicroBatch<T>,
  ): Promise<void> {
    await before;
    try {
      await output.run(batchAt(this.#clock.elapsed()));
    } catch (failure) {
      this.#ended.reject(failure);
    }
  }

  #graph(): Graph {
    return {
      limits: this.#limits,
      addStage: (stage) => this.#stages.push(stage),
      addOutput: (subscribe, run) => this.#addOutput(subscribe, run),
    };
  }

  #addOutput<T>(subscribe: (sink: RecordSink<T>) => void, run: Output<T>["run"]): void {
    this.#mustNotHaveStarted();
    let records: T[] = [];
    const output: Output<T> = {
      run,
      take() {
        const taken = records;
        records = [];
        return taken;
      },
    };
    const connect = (): void => subscribe((record) => records.push(record));
    this.#outputs.push({ connect, output });
  }

  #mustNotHaveStarted(): void {
    if (this.#state === "initialized") return;
    throw new TypeError(`Cannot add to or start a context that is ${this.#state}: a new StreamingContext is wanted`);
  }
}
