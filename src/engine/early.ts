/** What is made ready of a context's next batch before its time. @module */

import type { ContextGraph } from "./context_graph.ts";
import type { Output, PreparedOutput } from "./graph.ts";
import type { Input } from "./input.ts";
import { sumStats } from "./input_stats.ts";
import type { Jobs } from "./jobs.ts";
import type { DueTick, Ticker } from "./ticker.ts";

/** Of whose batches; `output` is the only one. */
interface EarlyParts {
  readonly output: Output<unknown>;
  readonly graph: ContextGraph;
  readonly inputs: readonly Input[];
  readonly ticker: Ticker;
  readonly jobs: Jobs;
}

/** Has the output make ready a batch of what has come so far, and gives it out at its time if nothing more has come. */
export class Early {
  readonly #parts: EarlyParts;
  /** What had come when it was asked last, and what the output made of it. */
  #preparedOf = -1;
  #prepared: PreparedOutput | undefined;
  /** The batch that was given out, but not taken from the inputs and the graph, and its time. */
  #committed: PreparedOutput | undefined;
  #committedTime = 0;

  constructor(parts: EarlyParts) {
    this.#parts = parts;
  }

  prepare(): void {
    const { output, graph, inputs, ticker, jobs } = this.#parts;
    const time = ticker.next;
    const changes = this.#changesFor(time);
    if (changes === this.#preparedOf || !jobs.isFree) return;
    this.#preparedOf = changes;
    this.#prepared = undefined;
    const peeked = output.flow.peek?.();
    const stats = inputs.map((input) => input.peekStats());
    if (peeked === undefined || !stats.every((each) => each !== undefined)) return;
    const tick = { time, intervalMs: graph.batchMs, late: false, missedTicks: 0 };
    const batch = { ...tick, partial: false, final: false, input: sumStats(stats), ...peeked };
    try {
      this.#prepared = output.prepare?.({ ...batch, schedulingMs: 0, startedAt: 0 });
    } catch {
      // The output fails again when the batch is cut, and is heard then.
    }
  }

  /** Gives out what was made ready, if the tick comes to that; its records are taken by {@link settle}. */
  commit({ time, late, missedTicks, dueAt }: DueTick, isPartial: boolean): boolean {
    this.settle();
    const { jobs } = this.#parts;
    const prepared = this.#prepared;
    this.#prepared = undefined;
    if (prepared === undefined || isPartial || late || missedTicks > 0 || !jobs.isFree) return false;
    if (this.#changesFor(time) !== this.#preparedOf) return false;
    this.#committed = prepared;
    this.#committedTime = time;
    jobs.commit(prepared, dueAt);
    return true;
  }

  /** Inputs and graph go on after a batch that was given out. It can wait until all contexts' batches have been, but for nothing else. */
  settle(): void {
    const committed = this.#committed;
    if (committed === undefined) return;
    this.#parts.graph.cut(this.#committedTime);
    for (const input of this.#parts.inputs) input.takeStats();
    committed.settle?.();
    this.#committed = undefined;
  }

  /** What has come, as a number that rises with every batch time and whenever something comes. */
  #changesFor(time: number): number {
    let changes = time;
    for (const input of this.#parts.inputs) changes += input.changes;
    return changes;
  }
}
