/** The streams of one context, and what becomes of them at a batch time. @module */

import type { CounterLimits } from "./counter.ts";
import { NO_FILES, type Files } from "./files.ts";
import type { Saved } from "./generated.ts";
import type { Flow, Graph, Output, Stage } from "./graph.ts";
import { DEFAULT_PARTITIONS } from "./spark_order.ts";

/** What of a context's options is for its streams. */
export interface GraphOptions extends Partial<CounterLimits> {
  /** Batch interval in ms. */
  readonly batchInterval: number;
  /** Where folders are; without, there are no text files and no checkpoints. */
  readonly files?: Files;
  /** Partitions of a shuffle, which decide on the order of its result. Default 2, as `local[2]` has. */
  readonly partitions?: number;
  /** Writes what `pprint` prints. Default: the console. */
  readonly print?: (text: string) => void;
}

/** Built by the streams before the start, cut at every batch time after it. */
export class ContextGraph implements Graph {
  readonly batchMs: number;
  readonly partitions: number;
  readonly limits: CounterLimits;
  readonly print: (text: string) => void;
  readonly files: Files;
  readonly saved: Saved[] = [];
  /** Made anew with each, by concat: a list that grows has room for sixteen, and ten thousand contexts have one of each. */
  outputs: readonly Output<unknown>[] = [];
  rememberMs = 0;
  zeroTime = 0;
  lastTime = 0;
  readonly #mustNotHaveStarted: () => void;
  #flows: Flow<unknown>[] = [];
  #stages: readonly Stage[] = [];

  constructor(options: GraphOptions, mustNotHaveStarted: () => void) {
    this.batchMs = options.batchInterval;
    this.partitions = options.partitions ?? DEFAULT_PARTITIONS;
    this.limits = { maxWords: options.maxWords ?? Infinity, maxWordBytes: options.maxWordBytes ?? 2 ** 30 };
    this.print = options.print ?? printToConsole;
    this.files = options.files ?? NO_FILES;
    this.#mustNotHaveStarted = mustNotHaveStarted;
  }

  isDue(time: number, slideMs: number): boolean {
    return (time - this.zeroTime) % slideMs === 0;
  }

  addFlow(flow: Flow<unknown>): void {
    this.#mustNotHaveStarted();
    this.#flows.push(flow);
  }

  addStage(stage: Stage): void {
    this.#stages = this.#stages.concat(stage);
  }

  addSaved(saved: Saved): void {
    this.saved.push(saved);
  }

  addOutput<T>(output: Output<T>): void {
    this.#mustNotHaveStarted();
    this.outputs = this.outputs.concat(output as Output<unknown>);
  }

  /** Gets ready what leads to an output; where streams are to be remembered, all. */
  open(): void {
    if (this.outputs.length === 0)
      throw new TypeError("Cannot start a context without an output operation: one is wanted");
    for (const { flow } of this.outputs) flow.open();
    if (this.rememberMs > 0) for (const flow of this.#flows) flow.open();
    // What leads to no output goes.
    this.#flows = [];
  }

  /** Cuts the batch of `time`; gives the number of records there was no room for. A batch that fails does so when it is asked for. */
  cut(time: number): number {
    this.lastTime = time;
    for (const stage of this.#stages) {
      try {
        stage.cut(time);
      } catch {
        // `Generated` has kept the failure, for all who will ask for that batch.
      }
    }
    let others = 0;
    for (const stage of this.#stages) others += stage.takeOther?.() ?? 0;
    return others;
  }

  /** The outputs that have a batch at `time`, with their places. */
  dueOutputs(time: number): { readonly id: number; readonly output: Output<unknown> }[] {
    return this.outputs
      .map((output, id) => ({ id, output }))
      .filter(({ output }) => this.isDue(time, output.flow.slideMs));
  }

  /** The output, where there is no other. */
  get onlyOutput(): Output<unknown> | undefined {
    return this.outputs.length === 1 ? this.outputs[0] : undefined;
  }

  outputAt(id: number): Output<unknown> | undefined {
    return this.outputs[id];
  }
}

function printToConsole(text: string): void {
  // oxlint-disable-next-line no-console -- it is what a user asked for by pprint
  console.log(text.replace(/\n$/, ""));
}
