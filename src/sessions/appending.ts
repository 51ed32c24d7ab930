/** From a micro-batch of word counts to a batch of the log. @module */

import type { Clock } from "../clock.ts";
import type { MicroBatch, PreparedOutput } from "../engine/mod.ts";
import type { Cut, Delays } from "./batch.ts";
import type { WordCount } from "./counts.ts";
import { cutOf, fewCutOf, type Cutting } from "./cut.ts";
import type { BatchLog } from "./log.ts";
import type { Measures } from "./measures.ts";
import type { RecentLines } from "./recent_lines.ts";

/** What is needed for it. */
interface AppendingParts {
  readonly log: BatchLog;
  readonly clock: Clock;
  readonly measures: Measures;
  readonly recentLines: RecentLines | undefined;
}

type Times = Parameters<PreparedOutput["commit"]>[0];

/** Cuts the batches of one session and appends them, one after the other. */
export class Appending {
  /** The session goes on in the next process: what is cut last is not its last batch. */
  isSuspending = false;
  readonly #parts: AppendingParts;
  /** Number of the batch that was cut last. */
  #seq: number;
  /** How long the service was away before the next batch, in ms; null when it was not. */
  #awayMs: number | null;

  constructor(parts: AppendingParts) {
    this.#parts = parts;
    const { log, clock } = parts;
    const newest = log.read(log.head);
    this.#seq = log.head;
    this.#awayMs = newest === undefined ? null : Math.max(0, clock.now() - newest.time);
  }

  /** Resolves, or has done so, when the batch is in the log. */
  append(batch: MicroBatch<WordCount>): Promise<void> | undefined {
    this.#keepLines(batch);
    const cut = cutOf(batch, this.#cutting);
    return cut instanceof Promise ? cut.then((made) => this.#append(made, batch)) : this.#append(cut, batch);
  }

  /** Counts ahead of the batch's time: what is left is to keep it. */
  prepare(batch: MicroBatch<WordCount>): PreparedOutput {
    const { log, clock, measures } = this.#parts;
    const cut = fewCutOf(batch, this.#cutting);
    const prepared = log.prepare(cut);
    let delays: Delays;
    let latenessMs: number | undefined;
    return {
      commit: ({ schedulingMs, startedAt }) => {
        const dueAt = startedAt - schedulingMs;
        const processingMs = clock.elapsed() - startedAt;
        delays = { schedulingMs, processingMs, totalMs: schedulingMs + processingMs };
        const appending = prepared.append(delays);
        if (appending !== undefined) return appending.then(() => measures.kept(cut, clock.elapsed() - dueAt));
        latenessMs = clock.elapsed() - dueAt;
        return undefined;
      },
      settle: () => {
        this.#awayMs = null;
        this.#keepLines(batch);
        prepared.settle?.();
        measures.counted(delays);
        if (latenessMs !== undefined) measures.kept(cut, latenessMs);
      },
    };
  }

  #keepLines({ input }: MicroBatch<WordCount>): void {
    this.#seq++;
    this.#parts.recentLines?.cut(input.lines, this.#seq);
  }

  get #cutting(): Cutting {
    return { clock: this.#parts.clock, awayMs: this.#awayMs };
  }

  #append(made: Cut, { startedAt, schedulingMs }: Times): Promise<void> | undefined {
    this.#awayMs = null;
    this.#parts.measures.counted(made.delays);
    const cut = this.isSuspending ? { ...made, final: false } : made;
    return this.#appended(this.#parts.log.append(cut), cut, startedAt - schedulingMs);
  }

  /** Measures a batch, when it is in the log. */
  #appended(appending: Promise<void> | undefined, cut: Cut, dueAt: number): Promise<void> | undefined {
    if (appending !== undefined) return appending.then(() => this.#appended(undefined, cut, dueAt));
    const { clock, measures } = this.#parts;
    measures.kept(cut, clock.elapsed() - dueAt);
    return undefined;
  }
}
