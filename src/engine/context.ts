/** The streaming context: inputs, the tick, the outputs; start, await, stop. @module */

import { atMost, systemClock, type Clock } from "../clock.ts";
import { Checkpointing } from "./checkpointing.ts";
import { ContextGraph, type GraphOptions } from "./context_graph.ts";
import { DStream } from "./dstream.ts";
import { Early } from "./early.ts";
import { filesFlow } from "./file_input.ts";
import { attempt } from "./generated.ts";
import { Input, type Receiver } from "./input.ts";
import { sumStats, type InputStats } from "./input_stats.ts";
import { linesFlow, queueFlow, type QueueOptions } from "./inputs.ts";
import { Jobs, type Batch, type Job } from "./jobs.ts";
import { MAX_LINE_LENGTH } from "./lines.ts";
import type { StreamingListener } from "./listener.ts";
import { onAll } from "./narrow.ts";
import { RDD } from "./rdd.ts";
import { Ticker, type DueTick, type MissedTicks } from "./ticker.ts";

/** How a context works; only the interval has no default. */
export interface ContextOptions extends GraphOptions {
  /** Default: the system's clock. */
  readonly clock?: Clock;
  /** Longest line in bytes; a longer one is cut. Default 1 MiB. */
  readonly maxLineLength?: number;
  /** Default `fire`, as Spark. */
  readonly missedTicks?: MissedTicks;
  /** Batch times are later than this one, in ms since the Unix epoch: that of the last batch there was before. Default 0. */
  readonly after?: number;
  /** Told of each failure of an output, as `awaitTermination` is of the first. */
  readonly onFailure?: (failure: unknown) => void;
  /** With so many batches whose outputs have not run, sources that can wait read no more. Default: none wait, as in Spark. */
  readonly maxPendingBatches?: number;
  /** Takes a line of what a user should know beside the results. Default: nothing is said. */
  readonly say?: (line: string) => void;
}

type State = "initialized" | "active" | "stopping" | "stopped";

/** Runs streams in micro-batches. Outputs run one at a time and in order, as Spark's jobs do. */
export class StreamingContext {
  /** Those that have been cut. */
  batches = 0;
  readonly #options: ContextOptions;
  readonly #clock: Clock;
  readonly #ticker: Ticker;
  readonly #graph: ContextGraph;
  readonly #jobs: Jobs;
  #inputs: readonly Input[] = [];
  /** Made for who awaits it. */
  #ended: PromiseWithResolvers<void> | undefined;
  #failure: { readonly failure: unknown } | undefined;
  #checkpointing: Checkpointing | undefined;
  #early: Early | undefined;
  #state: State = "initialized";
  #stopped: Promise<InputStats> | undefined;

  constructor(options: ContextOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#ticker = new Ticker(this.#clock, options.batchInterval, options.missedTicks ?? "fire");
    this.#graph = new ContextGraph(options, () => this.#mustNotHaveStarted());
    this.#jobs = new Jobs(this.#clock, (failure) => this.#failed(failure));
  }

  /**
   * A context that goes on where one with checkpoints in `directory` was ended, by whatever; without any, a new one. In
   * both cases `create` makes its streams, and they must be the same: unlike Spark's, a checkpoint holds no functions.
   */
  static async getOrCreate<C extends StreamingContext>(directory: string, create: () => C | Promise<C>): Promise<C> {
    const context = await create();
    context.checkpoint(directory);
    await context.#checkpointing?.load();
    return context;
  }

  /** The next batch time in ms since the Unix epoch; 0 before the start. */
  get nextBatchTime(): number {
    return this.#ticker.next;
  }

  /** Whether its batches are given out before those of contexts that have theirs at the same time, and no such wish. */
  set comesFirst(isSo: boolean) {
    this.#ticker.comesFirst = isSo;
  }

  /** The lines of a byte stream. */
  lines(receiver: Receiver): DStream<string> {
    this.#mustNotHaveStarted();
    const input = new Input(receiver, {
      streamId: this.#inputs.length,
      maxLineLength: this.#options.maxLineLength ?? MAX_LINE_LENGTH,
      clock: this.#clock,
      tell: (event) => this.#jobs.tell(event),
      isBehind: () => this.#jobs.pending >= (this.#options.maxPendingBatches ?? Infinity),
    });
    this.#inputs = this.#inputs.concat(input);
    return new DStream(linesFlow(this.#graph, input));
  }

  /** One list a batch, then empty batches. */
  queueStream<T>(queue: readonly (RDD<T> | readonly T[])[], options: QueueOptions<T> = {}): DStream<T> {
    return new DStream(queueFlow(this.#graph, queue, options));
  }

  /** The lines of the files that come into a folder while this runs, each in the batch of its last change. */
  textFileStream(directory: string): DStream<string> {
    const maxLineLength = this.#options.maxLineLength ?? MAX_LINE_LENGTH;
    return new DStream(filesFlow(this.#graph, { directory, maxLineLength, since: this.#clock.now() }));
  }

  /** The records of several streams that have their batches at the same times. */
  union<T>(...streams: [DStream<T>, ...DStream<T>[]]): DStream<T> {
    return this.transform(streams, (rdds) => RDD.union(rdds));
  }

  /** Any function of the batches, and their time in ms, of several streams that have them at the same times. */
  transform<T, U>(
    streams: readonly [DStream<T>, ...DStream<T>[]],
    fn: (rdds: readonly RDD<T>[], time: number) => RDD<U>,
  ): DStream<U> {
    const [first, ...others] = streams;
    return new DStream(onAll([first.flow, ...others.map(({ flow }) => flow)], fn));
  }

  /** Has all streams keep their batches for `ms`, for `slice`. */
  remember(ms: number): void {
    this.#mustNotHaveStarted();
    this.#graph.rememberMs = ms;
  }

  /** Saves in `directory`, at every batch, what `getOrCreate` needs to go on after a crash. */
  checkpoint(directory: string): void {
    this.#mustNotHaveStarted();
    if (this.#checkpointing?.directory === directory) return;
    this.#checkpointing = new Checkpointing(directory, this.#graph);
  }

  addStreamingListener(listener: StreamingListener): void {
    this.#jobs.listeners.push(listener);
    this.#early?.drop();
  }

  /** Starts the clockwork, then the receivers; rejects, stopped, when a receiver cannot start at all. */
  async start(): Promise<void> {
    if (this.#state === "active") {
      this.#options.say?.("The context has already been started");
      return;
    }
    this.#mustNotHaveStarted();
    try {
      await this.#start();
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

  /** Resolves when the context has stopped, or `timeoutMs` have passed; rejects with the first failure of an output. */
  async awaitTermination(timeoutMs?: number): Promise<void> {
    await (timeoutMs === undefined ? this.#end() : this.awaitTerminationOrTimeout(timeoutMs));
  }

  /** As {@link awaitTermination}, for `timeoutMs` at the most: true when stopped, false when time ran out. */
  async awaitTerminationOrTimeout(timeoutMs: number): Promise<boolean> {
    const ended = this.#end().then(() => true);
    return (await atMost(this.#clock, timeoutMs, ended)) ?? false;
  }

  async #start(): Promise<void> {
    this.#graph.open();
    this.#state = "active";
    const before = this.#checkpointing?.restore(this.#clock.now());
    if (before !== undefined) await this.#catchUp(before.time, before.missedOutputs);
    const output = this.#checkpointing === undefined ? this.#graph.onlyOutput : undefined;
    const [graph, inputs, clock, jobs] = [this.#graph, this.#inputs, this.#clock, this.#jobs];
    if (output?.prepare !== undefined) this.#early = new Early({ output, graph, inputs, clock, jobs });
    const lastTime = before === undefined ? this.#options.after : this.#graph.lastTime;
    // One more may pass between the last look at the clock and here.
    this.#ticker.start((tick) => this.#cut(tick), { lastTime, missesNone: before !== undefined, early: this.#early });
    this.#graph.zeroTime = before?.zeroTime ?? this.#ticker.next - this.#options.batchInterval;
    this.#jobs.tell((listener) => listener.onStreamingStarted?.({ time: this.#clock.now() }));
    await Promise.all(this.#inputs.map((input) => input.start()));
  }

  /** The batch times that passed since the checkpoint get their batches, as Spark's do: nothing has come in them. */
  async #catchUp(checkpointTime: number, missedOutputs: (jobs: Jobs) => void): Promise<void> {
    const { batchInterval: intervalMs } = this.#options;
    missedOutputs(this.#jobs);
    for (let time = checkpointTime + intervalMs; time <= this.#clock.now(); time += intervalMs) {
      const tick = { time, intervalMs, late: false, missedTicks: 0, dueAt: this.#clock.elapsed() };
      this.#cut(tick);
      await this.#jobs.idle();
    }
  }

  async #stop(gracefully: boolean): Promise<InputStats> {
    const wasActive = this.#state === "active";
    this.#state = "stopping";
    await Promise.all(this.#inputs.map((input) => input.stop()));
    const tick = this.#ticker.stop();
    if (wasActive && gracefully) this.#cut(tick, true);
    this.#early?.settle();
    const left = sumStats(this.#inputs.map((input) => input.takeStats()));
    await this.#jobs.idle();
    this.#state = "stopped";
    this.#ended?.resolve();
    return left;
  }

  #failed(failure: unknown): void {
    this.#failure ??= { failure };
    this.#ended?.reject(failure);
    this.#options.onFailure?.(failure);
  }

  #end(): Promise<void> {
    if (this.#ended !== undefined) return this.#ended.promise;
    this.#ended = Promise.withResolvers();
    // A failure is told to those who await; who has given up awaiting need not hear of it.
    this.#ended.promise.catch(() => {});
    if (this.#failure !== undefined) this.#ended.reject(this.#failure.failure);
    else if (this.#state === "stopped") this.#ended.resolve();
    return this.#ended.promise;
  }

  #cut(tick: DueTick, isLast: boolean = false): void {
    this.batches++;
    if (this.#early?.commit(tick, isLast) === true) return;
    const { time, intervalMs, late, missedTicks, dueAt } = tick;
    const otherRecords = this.#graph.cut(time);
    const stats = this.#inputs.map((input) => input.takeStats());
    const input = sumStats(stats);
    const batch: Batch = { time, intervalMs, late, missedTicks, partial: isLast, final: isLast, input, otherRecords };
    const only = this.#checkpointing === undefined ? this.#graph.onlyOutput : undefined;
    if (only !== undefined && this.#jobs.isFree && this.#graph.isDue(time, only.flow.slideMs)) {
      this.#jobs.runNow(batch, only, dueAt);
      return;
    }
    const jobs = this.#graph.dueOutputs(time).map(({ id, output }): Job => {
      return { id, output, rdd: attempt(() => output.flow.rdd(time)) };
    });
    const records = stats.map(({ lines }) => lines);
    this.#jobs.submit({ batch, jobs, records, dueAt, ...this.#checkpointing?.saving(batch, jobs) });
  }

  #mustNotHaveStarted(): void {
    if (this.#state === "initialized") return;
    throw new TypeError(`Cannot add to or start a context that is ${this.#state}: a new StreamingContext is wanted`);
  }
}
