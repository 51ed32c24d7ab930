/** One session: a source, its word count, its log. @module */

import type { Cancel, Clock } from "../clock.ts";
import { add, pair, split, StreamingContext, type InputStats } from "../engine/mod.ts";
import { messageOf } from "../errors.ts";
import { cutOf } from "./cut.ts";
import type { Limits } from "./limits.ts";
import type { BatchLog } from "./log.ts";
import { RecentLines } from "./recent_lines.ts";
import type { Source, SourceStatus } from "./source.ts";
import type { SessionSpec } from "./spec.ts";
import { canMove, isOver, type SessionState } from "./state.ts";

/** What a session is made of. */
export interface SessionParts {
  readonly id: string;
  readonly spec: SessionSpec;
  readonly source: Source;
  readonly log: BatchLog;
  readonly clock: Clock;
  readonly limits: Limits;
}

/** Why a session is over. */
export type EndReason = "stopped" | "finished" | "duration" | "deleted" | "shutdown" | "failed";

/** Runs from its start to its stop once; its history can be followed before and after. */
export class Session {
  readonly id: string;
  readonly spec: SessionSpec;
  readonly log: BatchLog;
  /** In ms since the Unix epoch. */
  readonly createdAt: number;
  readonly #clock: Clock;
  readonly #source: Source;
  readonly #recentLines: RecentLines;
  readonly #context: StreamingContext;
  readonly #watchers = new Set<() => void>();
  #state: SessionState = "starting";
  #failure: string | null = null;
  #endReason: EndReason | null = null;
  #discarded: InputStats | null = null;
  #cancelDuration: Cancel = () => {};
  #stopped: Promise<void> | undefined;

  constructor({ id, spec, source, log, clock, limits }: SessionParts) {
    this.id = id;
    this.spec = spec;
    this.log = log;
    this.createdAt = clock.now();
    this.#clock = clock;
    this.#source = source;
    const recentLines = new RecentLines(source);
    this.#recentLines = recentLines;
    // In one partition words stay in order of first appearance; Spark's order is for those who follow in its text form.
    const context = new StreamingContext({
      ...limits,
      batchInterval: spec.batchIntervalMs,
      clock,
      missedTicks: "merge",
      partitions: 1,
    });
    const counts = context.lines(recentLines).flatMap(split(spec.pipeline.separator)).map(pair(1)).reduceByKey(add);
    counts.forEachBatch((batch) => log.append(cutOf(batch, clock)));
    this.#context = context;
    log.onAppend(() => {
      const batch = log.read(log.head);
      if (batch !== undefined) recentLines.cut(batch);
    });
  }

  get state(): SessionState {
    return this.#state;
  }

  get isOver(): boolean {
    return isOver(this.#state);
  }

  get sourceStatus(): SourceStatus {
    return this.#source.status;
  }

  /** The trouble there is, in words, or null. */
  get lastError(): string | null {
    return this.#failure ?? this.#source.status.lastError;
  }

  /** Null until the session is over. */
  get endReason(): EndReason | null {
    return this.#endReason;
  }

  /** What a stop that was not graceful threw away, or null. */
  get discarded(): InputStats | null {
    return this.#discarded;
  }

  /** The lines of a batch, if it is a recent and small one, else null. */
  linesOf(seq: number): readonly string[] | null {
    return this.#recentLines.of(seq);
  }

  /** Next batch time in ms since the Unix epoch, or null when there will be none. */
  get nextBatchTime(): number | null {
    return this.isOver || this.#context.nextBatchTime === 0 ? null : this.#context.nextBatchTime;
  }

  /** Called at each change of state, and of the source's trouble. */
  watch(changed: () => void): Cancel {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  }

  /** Starts source and batches; rejects, and the session has failed, when the source can never start. */
  async start(): Promise<void> {
    this.#source.watch(() => this.#sourceChanged());
    this.#context.awaitTermination().catch((failure: unknown) => this.#fail(failure));
    const { durationMs } = this.spec;
    if (durationMs !== null) this.#cancelDuration = this.#clock.after(durationMs, () => void this.stop("duration"));
    try {
      await this.#context.start();
    } catch (failure) {
      await this.#fail(failure);
      throw failure;
    }
    this.#sourceChanged();
  }

  /**
   * Stops the session; resolves when it is over, however often and by whomever it is asked. Gracefully, what has arrived
   * becomes one last batch; otherwise it is dropped and its measure kept in {@link discarded}.
   */
  stop(reason: EndReason, graceful: boolean = true): Promise<void> {
    this.#stopped ??= this.#stop(reason, graceful);
    return this.#stopped;
  }

  async #stop(reason: EndReason, graceful: boolean): Promise<void> {
    this.#cancelDuration();
    this.#move("stopping");
    const left = await this.#context.stop({ gracefully: graceful });
    if (left.bytes > 0) this.#discarded = left;
    // A failure while stopping has set its own reason.
    this.#endReason ??= reason;
    this.#move(this.#failure === null ? "stopped" : "failed");
  }

  async #fail(failure: unknown): Promise<void> {
    this.#failure = messageOf(failure);
    this.#endReason = "failed";
    await this.stop("failed", false);
  }

  #sourceChanged(): void {
    const { connected, finished, lastError } = this.#source.status;
    if (finished) void this.stop("finished");
    else if (connected) this.#move("running");
    else if (lastError !== null && !this.#move("degraded")) this.#tell();
  }

  #move(to: SessionState): boolean {
    if (!canMove(this.#state, to)) return false;
    this.#state = to;
    this.#tell();
    return true;
  }

  #tell(): void {
    for (const changed of this.#watchers) changed();
  }
}
