/** One case in Sluice: its program on its inputs, and what came out. @module */

import type { Clock } from "../../../src/clock.ts";
import { pythonLiteral } from "../../../src/engine/mod.ts";
import { StreamingContext, type DStream } from "../../../src/mod.ts";
import { PROGRAMS } from "./programs.ts";

/** What a server does at a time: sends bytes, or what `do` says; script.py explains. */
export interface Step {
  readonly batch: number;
  readonly at: number;
  readonly send?: string;
  readonly times?: number;
  readonly do?: "close" | "reset" | "listen" | "absent";
}

/** When and how a context is stopped. */
export interface Stop {
  readonly batch: number;
  readonly at: number;
  readonly gracefully: boolean;
}

/** How time is divided. */
export interface Division {
  /** Batch interval in ms. */
  readonly interval: number;
  /** Batches before batch 1. */
  readonly lead: number;
}

/** A batch's records, or the lines it printed; null: there was no such batch. */
type Batch = readonly string[] | null;

const HEADER = /^(-{43}\nTime: )(.*)(\n-{43}\n)/;

/** Runs a program of programs.ts in a context of its own. */
export class CaseRun {
  readonly context: StreamingContext;
  readonly #division: Division;
  readonly #records = new Map<number, readonly string[]>();
  readonly #printed = new Map<number, string>();
  /** The batch time before the first. */
  zero = 0;

  /** `connect` gives the left, and perhaps the right stream. */
  constructor(
    program: string,
    connect: (context: StreamingContext) => readonly DStream<string>[],
    { clock, ...division }: Division & { readonly clock?: Clock },
  ) {
    this.#division = division;
    this.context = new StreamingContext({
      batchInterval: division.interval,
      partitions: 2,
      print: (text) => this.#print(text),
      say: () => {},
      ...(clock && { clock }),
    });
    const [left, right = left] = connect(this.context);
    if (left === undefined || right === undefined) throw new TypeError("Cannot run a case without a stream");
    const stream = PROGRAMS[program]!({ left, right, batch: division.interval });
    stream?.foreachRDD((rdd, time) => {
      this.#records.set(
        this.#batchAt(time),
        rdd.collect().map((record) => pythonLiteral(record)),
      );
    });
  }

  async start(): Promise<void> {
    const started = this.context.start();
    this.zero = this.context.nextBatchTime - this.#division.interval;
    await started;
  }

  /** When something of a script is due, in ms since the epoch. */
  timeOf({ batch, at }: Step | Stop): number {
    const { interval, lead } = this.#division;
    return this.zero + (lead + batch - 1) * interval + at;
  }

  /** The batches 1 to `last`. */
  outputs(last: number): Batch[] {
    const batchOf = (batch: number): Batch => this.#records.get(batch) ?? this.#printed.get(batch)?.split("\n") ?? null;
    return Array.from({ length: last }, (_, i) => batchOf(i + 1));
  }

  #batchAt(time: number): number {
    const { interval, lead } = this.#division;
    return (time - this.zero) / interval - lead;
  }

  /** The time printed is local; what is kept has the batch's number in its place. */
  #print(text: string): void {
    let batch = Number.NaN;
    const numbered = text.replace(HEADER, (_, before: string, time: string, after: string) => {
      batch = this.#batchAt(new Date(time).getTime());
      return `${before}${batch}${after}`;
    });
    this.#printed.set(batch, (this.#printed.get(batch) ?? "") + numbered);
  }
}
