/** The streaming context: inputs, the tick, the outputs; start, await, stop. @module */

import { atMost, systemClock, type Clock } from "../clock.ts";
import type { CounterLimits } from "./counter.ts";
import { DStream } from "./dstream.ts";
import type { Flow, Graph, MicroBatch, RunOutput, Stage } from "./graph.ts";
import { Input, sumStats, type InputStats, type Receiver } from "./input.ts";
import { linesFlow, queueFlow } from "./inputs.ts";
import { MAX_LINE_LENGTH } from "./lines.ts";
import { DEFAULT_PARTITIONS } from "./spark_order.ts";
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
  /** Partitions of a shuffle, which decide on the order of its result. Default 2, as `local[2]` has. */
  readonly partitions?: number;
  /** Writes what `pprint` prints. Default: the console. */
  readonly print?: (text: string) => void;
}

type State = "initialized" | "active" | "stopping" | "stopped";

/** Runs streams in micro-batches. Outputs run one at a time and in order, as Spark's jobs do. */
export class StreamingContext {
  readonly #clock: Clock;
  readonly #ticker: Ticker;
  readonly #maxLineLength: number;
  readonly #graph: Graph;
  readonly #inputs: Input[] = [];
  readonly #stages: Stage[] = [];
  readonly #outputs: { readonly flow: Flow<unknown>; readonly run: RunOutput<unknown> }[] = [];
  readonly #ended: PromiseWithResolvers<void> = Promise.withResolvers();
  #state: State = "initialized";
  #stopped: Promise<InputStats> | undefined;
  #jobs: Promise<void> = Promise.resolve();
  /** The batch time before the first. */
  #zeroTime = 0;

  constructor(options: ContextOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#ticker = new Ticker(this.#clock, options.batchInterval, options.missedTicks ?? "fire");
    this.#maxLineLength = options.maxLineLength ?? MAX_LINE_LENGTH;
    this.#graph = {
      batchMs: options.batchInterval,
      partitions: options.partitions ?? DEFAULT_PARTITIONS,
      limits: { maxWords: options.maxWords ?? Infinity, maxWordBytes: options.maxWordBytes ?? 2 ** 30 },
      print: options.print ?? printToConsole,
      isDue: (time, slideMs) => (time - this.#zeroTime) % slideMs === 0,
      addStage: (stage) => this.#stages.push(stage),
      addOutput: (flow, run) => this.#addOutput(flow, run),
    };
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
    const input = new Input(receiver, { maxLineLength: this.#maxLineLength, onFailure: this.#ended.reject });
    this.#inputs.push(input);
    return new DStream(linesFlow(this.#graph, input));
  }

  /** One list a batch, then empty batches. */
  queueStream<T>(queue: readonly (readonly T[])[]): DStream<T> {
    this.#mustNotHaveStarted();
    return new DStream(queueFlow(this.#graph, queue));
  }

  /** Starts the clockwork, then the receivers; rejects, stopped, when a receiver cannot start at all. */
  async start(): Promise<void> {
    this.#mustNotHaveStarted();
    if (this.#outputs.length === 0)
      throw new TypeError("Cannot start a context without an output operation: one is wanted");
    this.#state = "active";
    for (const { flow } of this.#outputs) flow.open();
    this.#ticker.start((tick) => this.#cut(tick, { partial: false, final: false }));
    this.#zeroTime = this.#ticker.next - this.#graph.batchMs;
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
    for (const stage of this.#stages) this.#guard(() => stage.cut(tick.time));
    const otherRecords = this.#stages.reduce((sum, stage) => sum + (stage.takeOther?.() ?? 0), 0);
    const input = sumStats(this.#inputs.map((each) => each.takeStats()));
    for (const { flow, run } of this.#outputs) {
      if (!this.#graph.isDue(tick.time, flow.slideMs)) continue;
      const rdd = this.#guard(() => flow.rdd(tick.time));
      if (rdd === undefined) continue;
      this.#jobs = this.#runAfter(this.#jobs, run, (startedAt) => {
        const schedulingMs = startedAt - submittedAt;
        return { ...tick, ...flags, rdd, input, otherRecords, schedulingMs, startedAt };
      });
    }
  }

  async #runAfter<T>(
    before: Promise<void>,
    run: RunOutput<T>,
    batchAt: (startedAt: number) => MicroBatch<T>,
  ): Promise<void> {
    await before;
    try {
      await run(batchAt(this.#clock.elapsed()));
    } catch (failure) {
      this.#ended.reject(failure);
    }
  }

  /** Runs users' functions: a failure is told to those who await, and the ticking goes on, as in Spark. */
  #guard<R>(run: () => R): R | undefined {
    try {
      return run();
    } catch (failure) {
      this.#ended.reject(failure);
      return undefined;
    }
  }

  #addOutput<T>(flow: Flow<T>, run: RunOutput<T>): void {
    this.#mustNotHaveStarted();
    this.#outputs.push({ flow, run: run as RunOutput<unknown> });
  }

  #mustNotHaveStarted(): void {
    if (this.#state === "initialized") return;
    throw new TypeError(`Cannot add to or start a context that is ${this.#state}: a new StreamingContext is wanted`);
  }
}

function printToConsole(text: string): void {
  // oxlint-disable-next-line no-console -- it is what a user asked for by pprint
  console.log(text.replace(/\n$/, ""));
}
