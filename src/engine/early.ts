/** What is made ready of a context's next batch before its time. @module */

import type { Clock } from "../clock.ts";
import type { ContextGraph } from "./context_graph.ts";
import type { Output } from "./graph.ts";
import type { Input } from "./input.ts";
import { sumStats } from "./input_stats.ts";
import type { Jobs } from "./jobs.ts";
import { ReadyBatch, type Ahead, type PreparedOutput } from "./ready_batch.ts";
import type { DueTick } from "./ticker.ts";

/** Of whose batches; `output` is the only one. */
interface EarlyParts {
  readonly output: Output<unknown>;
  readonly graph: ContextGraph;
  readonly inputs: readonly Input[];
  readonly clock: Clock;
  readonly jobs: Jobs;
}

/** Has the output make ready a batch of what has come so far, to be given out at its time if nothing more has come. */
export class Early {
  readonly #parts: EarlyParts;
  /** The next batch. */
  #ready: ReadyBatch | undefined;
  /** The one that was given out, but not taken from the inputs and the graph. */
  #given: ReadyBatch | undefined;

  constructor(parts: EarlyParts) {
    this.#parts = parts;
    for (const input of parts.inputs) input.onCome = () => this.#comes();
  }

  /** Whether the next batch has been given out before its tick. */
  get isGiven(): boolean {
    return this.#ready?.outcome !== undefined;
  }

  /** What was made ready, where that is new. */
  prepare(ahead: Ahead): ReadyBatch | undefined {
    if (this.#ready?.isCurrent === true || !this.#parts.jobs.isFree) return undefined;
    this.settle();
    this.#ready = new ReadyBatch(ahead, this.#prepared(ahead.time), this.#parts.clock);
    return this.#ready;
  }

  /** What comes is not in what was made ready, and not in the batch that was given out. */
  #comes(): void {
    this.drop();
    this.settle();
  }

  #prepared(time: number): PreparedOutput | undefined {
    const { output, graph, inputs } = this.#parts;
    const peeked = output.flow.peek?.();
    const stats = inputs.map((input) => input.peekStats());
    if (peeked === undefined || !stats.every((each) => each !== undefined)) return undefined;
    const tick = { time, intervalMs: graph.batchMs, late: false, missedTicks: 0 };
    const batch = { ...tick, partial: false, final: false, input: sumStats(stats), ...peeked };
    try {
      return output.prepare?.({ ...batch, schedulingMs: 0, startedAt: 0 });
    } catch {
      // The output fails again when the batch is cut, and is heard then.
      return undefined;
    }
  }

  /** What was made ready is not to be given out. */
  drop(): void {
    if (this.#ready !== undefined) this.#ready.isCurrent = false;
  }

  /** Gives out what was made ready, if it has not been and the tick comes to that; its records are taken by {@link settle}. */
  commit(tick: DueTick, isPartial: boolean): boolean {
    this.settle();
    const ready = this.#ready;
    this.#ready = undefined;
    if (ready === undefined) return false;
    const { jobs } = this.#parts;
    if (!isPartial && !tick.late && jobs.isFree && ready.time === tick.time)
      ready.give(tick.time, tick.time - tick.dueAt);
    ready.isCurrent = false;
    const { outcome } = ready;
    if (outcome === undefined) return false;
    this.#given = ready;
    jobs.ran(outcome);
    return true;
  }

  /** Inputs and graph go on after a batch that was given out. It can wait until all contexts' batches have been, and until something comes. */
  settle(): void {
    const given = this.#given;
    if (given === undefined) return;
    this.#given = undefined;
    this.#parts.graph.cut(given.time);
    for (const input of this.#parts.inputs) input.takeStats();
    given.settle();
  }
}
