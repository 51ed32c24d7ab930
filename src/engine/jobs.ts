/** Runs the output operations of the batches: one at a time and in order, as Spark's jobs do. @module */

import type { Clock } from "../clock.ts";
import { messageOf } from "../errors.ts";
import type { MicroBatch, Output } from "./graph.ts";
import type { BatchInfo, OutputOperationInfo, StreamingListener } from "./listener.ts";
import type { RDD } from "./rdd.ts";

/** A batch as all its outputs see it. */
export type Batch = Omit<MicroBatch<unknown>, "rdd" | "schedulingMs" | "startedAt">;

/** One output operation of a batch, and how to get its records: throws what its making threw. */
export interface Job {
  /** Its place among the context's outputs. */
  readonly id: number;
  readonly output: Output<unknown>;
  readonly rdd: () => RDD<unknown>;
}

/** A batch that has been cut. */
export interface JobSet {
  readonly batch: Batch;
  readonly jobs: readonly Job[];
  /** Records of each input stream. */
  readonly records: readonly number[];
  /** What must be done before the outputs run, and after. */
  readonly before?: (() => Promise<void>) | undefined;
  readonly after?: (() => Promise<void>) | undefined;
}

/** The queue of batches whose outputs have not run yet. */
export class Jobs {
  readonly listeners: StreamingListener[] = [];
  readonly #clock: Clock;
  readonly #onFailure: (failure: unknown) => void;
  #last: Promise<void> = Promise.resolve();
  #pending = 0;

  constructor(clock: Clock, onFailure: (failure: unknown) => void) {
    this.#clock = clock;
    this.#onFailure = onFailure;
  }

  /** Batches submitted that have not run to their end. */
  get pending(): number {
    return this.#pending;
  }

  submit(set: JobSet): void {
    this.#pending++;
    const report = new Report(set, this.#clock);
    if (set.jobs.length > 0) this.tell((listener) => listener.onBatchSubmitted?.({ batchInfo: report.batch() }));
    this.#last = this.#last.then(() => this.#run(set, report));
  }

  /** Resolves when all that has been submitted so far has run. */
  idle(): Promise<void> {
    return this.#last;
  }

  /** Tells all listeners; one that throws fails the context, not the others. */
  tell(event: (listener: StreamingListener) => void): void {
    for (const listener of this.listeners) {
      try {
        event(listener);
      } catch (failure) {
        this.#onFailure(failure);
      }
    }
  }

  async #run({ batch, jobs, before, after }: JobSet, report: Report): Promise<void> {
    await this.#guard(before);
    if (jobs.length > 0) {
      report.start();
      this.tell((listener) => listener.onBatchStarted?.({ batchInfo: report.batch() }));
      for (const job of jobs) await this.#runJob(batch, job, report);
      report.end();
      this.tell((listener) => listener.onBatchCompleted?.({ batchInfo: report.batch() }));
    }
    await this.#guard(after);
    this.#pending--;
  }

  async #runJob(batch: Batch, { id, output, rdd }: Job, report: Report): Promise<void> {
    const startedAt = report.startOutput(id);
    this.tell((listener) => listener.onOutputOperationStarted?.({ outputOperationInfo: report.output(id) }));
    const failure = await this.#guard(() =>
      output.run({ ...batch, rdd: rdd(), schedulingMs: startedAt - report.submittedAt, startedAt }),
    );
    report.endOutput(id, failure);
    this.tell((listener) => listener.onOutputOperationCompleted?.({ outputOperationInfo: report.output(id) }));
  }

  /** A failure is told to those who await the end, and given back in words; the work goes on, as in Spark. */
  async #guard(run: (() => unknown) | undefined): Promise<string | null> {
    try {
      await run?.();
      return null;
    } catch (failure) {
      this.#onFailure(failure);
      return messageOf(failure);
    }
  }
}

/** What listeners are told of a batch: measured on the monotonic clock, counted from the wall clock at its submission. */
class Report {
  readonly submittedAt: number;
  readonly #clock: Clock;
  readonly #set: JobSet;
  readonly #submissionTime: number;
  readonly #outputs: Map<number, { startedAt: number; endedAt: number | null; failure: string | null }> = new Map();
  #startedAt: number | null = null;
  #endedAt: number | null = null;

  constructor(set: JobSet, clock: Clock) {
    this.#set = set;
    this.#clock = clock;
    this.submittedAt = clock.elapsed();
    this.#submissionTime = clock.now();
  }

  start(): void {
    this.#startedAt = this.#clock.elapsed();
  }

  end(): void {
    this.#endedAt = this.#clock.elapsed();
  }

  startOutput(id: number): number {
    const startedAt = this.#clock.elapsed();
    this.#outputs.set(id, { startedAt, endedAt: null, failure: null });
    return startedAt;
  }

  endOutput(id: number, failure: string | null): void {
    const output = this.#outputs.get(id);
    if (output === undefined) return;
    output.endedAt = this.#clock.elapsed();
    output.failure = failure;
  }

  batch(): BatchInfo {
    const { batch, records, jobs } = this.#set;
    const [started, ended] = [this.#startedAt, this.#endedAt];
    return {
      batchTime: batch.time,
      streamIdToInputInfo: Object.fromEntries(records.map((numRecords, id) => [id, { numRecords }])),
      submissionTime: this.#submissionTime,
      processingStartTime: this.#wall(started),
      processingEndTime: this.#wall(ended),
      schedulingDelay: started === null ? null : started - this.submittedAt,
      processingDelay: started === null || ended === null ? null : ended - started,
      totalDelay: ended === null ? null : ended - this.submittedAt,
      numRecords: batch.input.lines,
      outputOperationInfos: jobs.map(({ id }) => this.output(id)),
    };
  }

  output(id: number): OutputOperationInfo {
    const { batch, jobs } = this.#set;
    const run = this.#outputs.get(id);
    return {
      batchTime: batch.time,
      id,
      name: jobs.find((job) => job.id === id)?.output.name ?? "",
      startTime: this.#wall(run?.startedAt ?? null),
      endTime: this.#wall(run?.endedAt ?? null),
      failureReason: run?.failure ?? null,
    };
  }

  #wall(elapsed: number | null): number | null {
    return elapsed === null ? null : this.#submissionTime + Math.round(elapsed - this.submittedAt);
  }
}
