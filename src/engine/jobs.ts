/** Runs the output operations of the batches: one at a time and in order, as Spark's jobs do. @module */

import type { Clock } from "../clock.ts";
import { messageOf } from "../errors.ts";
import type { MicroBatch, Output } from "./graph.ts";
import type { BatchInfo, OutputOperationInfo, StreamingListener } from "./listener.ts";
import type { RDD } from "./rdd.ts";
import type { Outcome } from "./ready_batch.ts";

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
  /** When its batch time was, on the monotonic clock in ms; by default when it was submitted. */
  readonly dueAt?: number;
  /** What must be done before the outputs run, and after. */
  readonly before?: (() => Promise<void>) | undefined;
  readonly after?: (() => Promise<void>) | undefined;
}

/** The queue of batches whose outputs have not run yet. */
export class Jobs {
  readonly listeners: StreamingListener[] = [];
  readonly #clock: Clock;
  readonly #onFailure: (failure: unknown) => void;
  /** Batches that wait or run, and when the last of them will have run. */
  #waiting = 0;
  #last: Promise<void> | undefined;

  constructor(clock: Clock, onFailure: (failure: unknown) => void) {
    this.#clock = clock;
    this.#onFailure = onFailure;
  }

  /** Batches that have not run to their end. */
  get pending(): number {
    return this.#waiting;
  }

  submit(set: JobSet): void {
    const report = new Report(set, this.#clock);
    if (set.jobs.length > 0) this.tell((listener) => listener.onBatchSubmitted?.({ batchInfo: report.batch() }));
    this.#enqueue(() => this.#run(set, report));
  }

  /** Whether nothing is before the next batch and nobody looks on, so that one output can be run at once. */
  get isFree(): boolean {
    return this.#waiting === 0 && this.listeners.length === 0;
  }

  /** Resolves when all that has been submitted so far has run. */
  idle(): Promise<void> {
    return this.#last ?? Promise.resolve();
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

  /** The only output of a batch, where all is free: no promise is made unless the output makes one. */
  runNow(batch: Batch, output: Output<unknown>, dueAt: number): void {
    const startedAt = this.#clock.elapsed();
    try {
      const rdd = output.flow.rdd(batch.time);
      this.ran({ result: output.run({ ...batch, rdd, schedulingMs: startedAt - dueAt, startedAt }) });
    } catch (failure) {
      this.ran({ failure });
    }
  }

  /** The only output of a batch has been run, where all is free. */
  ran(outcome: Outcome): void {
    if ("failure" in outcome) this.#onFailure(outcome.failure);
    else if (isThenable(outcome.result)) this.#enqueue(async () => void (await this.#guard(() => outcome.result)));
  }

  #enqueue(run: () => Promise<void>): void {
    this.#waiting++;
    this.#last = this.#runAfter(this.#last, run);
  }

  /** `run` does not fail. */
  async #runAfter(before: Promise<void> | undefined, run: () => Promise<void>): Promise<void> {
    await before;
    await run();
    this.#waiting--;
  }

  async #run({ batch, jobs, dueAt, before, after }: JobSet, report: Report): Promise<void> {
    await this.#guard(before);
    if (jobs.length > 0) {
      report.start();
      this.tell((listener) => listener.onBatchStarted?.({ batchInfo: report.batch() }));
      for (const job of jobs) await this.#runJob(batch, job, { report, dueAt: dueAt ?? report.submittedAt });
      report.end();
      this.tell((listener) => listener.onBatchCompleted?.({ batchInfo: report.batch() }));
    }
    await this.#guard(after);
  }

  async #runJob(
    batch: Batch,
    { id, output, rdd }: Job,
    { report, dueAt }: { report: Report; dueAt: number },
  ): Promise<void> {
    const startedAt = report.startOutput(id);
    this.tell((listener) => listener.onOutputOperationStarted?.({ outputOperationInfo: report.output(id) }));
    const failure = await this.#guard(() =>
      output.run({ ...batch, rdd: rdd(), schedulingMs: startedAt - dueAt, startedAt }),
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

function isThenable(result: unknown): boolean {
  return typeof result === "object" && result !== null && "then" in result;
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
