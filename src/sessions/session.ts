/** One session: a source, its word count, its log. @module */

import type { Cancel, Clock } from "../clock.ts";
import { Appointment, timetableOf } from "../timetable.ts";
import { add, pair, split, StreamingContext, type InputStats } from "../engine/mod.ts";
import { messageOf } from "../errors.ts";
import type { Limits } from "../limits.ts";
import { Appending } from "./appending.ts";
import { intakeOf, type Intake } from "./intake.ts";
import type { BatchLog } from "./log.ts";
import type { Measures } from "./measures.ts";
import { RecentLines } from "./recent_lines.ts";
import { pastSource, type Source, type SourceStatus } from "./source.ts";
import type { SessionSpec } from "./spec.ts";
import { canMove, isOver, type SessionState } from "./state.ts";
import type { EndReason, SessionEnd, SessionStore } from "./store.ts";

/** What a session is made of. */
export interface SessionParts {
  readonly id: string;
  readonly spec: SessionSpec;
  /** In ms since the Unix epoch. */
  readonly createdAt: number;
  /** By what the request that asked for it is known when it comes again, or null. */
  readonly request: string | null;
  readonly source: Source;
  readonly log: BatchLog;
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly measures: Measures;
  /** Whether the lines of its newest batches are kept, where they are few. */
  readonly keepsLines: boolean;
  /** Called at each change of its state. */
  readonly onMove: (session: Session) => void;
  /** Called once, when the session is over. */
  readonly onOver: (session: Session) => void;
}

/** Runs from its start to its stop once; its history can be followed before and after. */
export class Session {
  readonly id: string;
  readonly spec: SessionSpec;
  readonly log: BatchLog;
  /** In ms since the Unix epoch. */
  readonly createdAt: number;
  readonly request: string | null;
  readonly #clock: Clock;
  readonly #store: SessionStore;
  readonly #source: Source;
  readonly #recentLines: RecentLines | undefined;
  readonly #context: StreamingContext;
  readonly #appending: Appending;
  readonly #onMove: (session: Session) => void;
  readonly #measures: Measures;
  readonly #onOver: (session: Session) => void;
  /** The number of the first batch of this process. */
  readonly #firstSeq: number;
  #watchers: Set<() => void> | undefined;
  #state: SessionState = "starting";
  #failure: string | null = null;
  #endReason: EndReason | null = null;
  #discarded: InputStats | null = null;
  /** Null until its source has been connected once. */
  #wasConnected: boolean | null = null;
  #end: Appointment | undefined;
  #unwatchStore: Cancel | undefined;
  #stopped: Promise<void> | undefined;

  constructor(parts: SessionParts) {
    const { spec, source, log, clock, limits, measures, keepsLines } = parts;
    this.id = parts.id;
    this.spec = spec;
    this.log = log;
    this.createdAt = parts.createdAt;
    this.request = parts.request;
    this.#clock = clock;
    this.#store = parts.store;
    this.#source = source;
    this.#measures = measures;
    this.#onMove = parts.onMove;
    this.#onOver = parts.onOver;
    this.#firstSeq = log.head + 1;
    const recentLines = (this.#recentLines = keepsLines ? new RecentLines(source) : undefined);
    this.#appending = new Appending({ log, clock, measures, recentLines });
    // In one partition words stay in order of first appearance; Spark's order is for those who follow in its text form.
    const context = new StreamingContext({
      ...limits,
      batchInterval: spec.batchIntervalMs,
      clock,
      after: log.read(log.head)?.time ?? 0,
      missedTicks: "merge",
      partitions: 1,
      onFailure: (failure) => void this.#fail(failure),
    });
    const words = context.lines(recentLines ?? source).flatMap(split(spec.pipeline.separator));
    const counts = words.map(pair(1)).reduceByKey(add);
    counts.forEachBatch(
      (batch) => this.#appending.append(batch),
      (batch) => this.#appending.prepare(batch),
    );
    this.#context = context;
  }

  /** A session that is over, by this end: its history can be read. */
  static past(end: SessionEnd, parts: Omit<SessionParts, "source">): Session {
    const session = new Session({ ...parts, source: pastSource(end.source) });
    session.#state = end.failure === null ? "stopped" : "failed";
    session.#failure = end.failure;
    session.#endReason = end.reason;
    session.#discarded = end.discarded;
    return session;
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
    return this.#failure ?? this.#store.trouble ?? this.#source.status.lastError;
  }

  /** Null until the session is over. */
  get endReason(): EndReason | null {
    return this.#endReason;
  }

  /** It is over here, and will go on in the next process of this service. */
  get resumes(): boolean {
    return this.#appending.isSuspending;
  }

  /** What a stop that was not graceful threw away, or null. */
  get discarded(): InputStats | null {
    return this.#discarded;
  }

  /** The lines of a batch, if it is a recent and small one, else null. */
  linesOf(seq: number): readonly string[] | null {
    return this.#recentLines?.of(seq) ?? null;
  }

  /** Next batch time in ms since the Unix epoch, or null when there will be none. */
  get nextBatchTime(): number | null {
    return this.isOver || this.#context.nextBatchTime === 0 ? null : this.#context.nextBatchTime;
  }

  /** The number of the batch that has what comes now, if nothing ends the process before. */
  get nextSeq(): number {
    return this.#firstSeq + this.#context.batches;
  }

  /** Where lines are brought; throws where none are. */
  get intake(): Intake {
    return intakeOf(this, this.#source);
  }

  /** Whether somebody waits for its batches: they come before those of sessions that nobody follows. */
  set isFollowed(isSo: boolean) {
    this.#context.comesFirst = isSo;
  }

  /** Called at each change of state, and of the source's trouble. */
  watch(changed: () => void): Cancel {
    const watchers = (this.#watchers ??= new Set());
    watchers.add(changed);
    return () => watchers.delete(changed);
  }

  /** Starts source and batches; rejects, and the session has failed, when the source can never start. */
  async start(): Promise<void> {
    this.#source.watch(() => this.#sourceChanged());
    this.#unwatchStore = this.#store.watch(() => this.#reconsider());
    const { durationMs } = this.spec;
    if (durationMs !== null) {
      const left = this.createdAt + durationMs - this.#clock.now();
      this.#end = new Appointment(() => void this.stop("duration"));
      timetableOf(this.#clock).set(this.#end, this.#clock.elapsed() + left);
    }
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
    if (this.#end !== undefined) timetableOf(this.#clock).unset(this.#end);
    this.#unwatchStore?.();
    this.#appending.isSuspending = reason === "shutdown" && this.#store.isDurable;
    this.#move("stopping");
    const left = await this.#context.stop({ gracefully: graceful });
    if (left.bytes > 0) this.#discarded = left;
    // A failure while stopping has set its own reason.
    this.#endReason ??= reason;
    const { status: source } = this.#source;
    const end = { reason: this.#endReason, failure: this.#failure, discarded: this.#discarded, source };
    // Nobody waits for it who could not go on without: while the store is in trouble the end waits with it.
    if (!this.resumes && reason !== "deleted") await this.#store.end(this.id, end);
    this.#onOver(this);
    this.#move(this.#failure === null ? "stopped" : "failed");
  }

  async #fail(failure: unknown): Promise<void> {
    this.#failure ??= messageOf(failure);
    this.#endReason = "failed";
    await this.stop("failed", false);
  }

  #sourceChanged(): void {
    const { connected } = this.#source.status;
    if (connected && this.#wasConnected === false) this.#measures.sourceReconnects++;
    if (connected || this.#wasConnected !== null) this.#wasConnected = connected;
    this.#reconsider();
  }

  /** The state by what source and store say of themselves now. */
  #reconsider(): void {
    const { connected, finished, lastError } = this.#source.status;
    const trouble = this.#store.trouble ?? lastError;
    if (finished) void this.stop("finished");
    else if (connected && this.#store.trouble === null) this.#move("running");
    else if (trouble !== null && !this.#move("degraded")) this.#tell();
  }

  #move(to: SessionState): boolean {
    if (!canMove(this.#state, to)) return false;
    this.#state = to;
    this.#onMove(this);
    this.#tell();
    return true;
  }

  #tell(): void {
    for (const changed of this.#watchers ?? []) changed();
  }
}
