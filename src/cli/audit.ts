/** What `sluice verify` has seen so far: when it is done, and what it reports. @module */

import type { BatchEvent, GapEvent, HelloEvent, StreamEvent, Violation } from "../client/mod.js";
import { safeJson, safeText } from "../safe_text.ts";

/** What does not hold of a batch's whole list of words, or undefined when it could not be had. */
export type Checked = readonly Violation[] | undefined;

/** When to stop: at the newest batch of the start, at the session's end, or after so many batches. */
export type Until = "head" | "end" | number;

/** Takes every event; it is done at the first violation, too. */
export class Audit {
  isDone = false;
  violation: Violation | undefined;
  readonly #until: Until;
  /** Number of the last batch wanted. */
  #wanted = Infinity;
  #first: BatchEvent | undefined;
  #last: BatchEvent | undefined;
  #batches = 0;
  #gaps = 0;
  #missing = 0;
  #resets = 0;
  /** Batches of which only the most frequent words could be had. */
  #cut = 0;

  constructor(until: Until) {
    this.#until = until;
  }

  take(event: StreamEvent): void {
    if (event.type === "hello") this.#greeted(event);
    else if (event.type === "batch") this.#counted(event);
    else if (event.type === "gap") this.#missed(event);
    else if (event.type === "reset") this.#began();
    else if (event.type === "violation") this.#violated(event);
  }

  /** What was found of a batch's whole list. */
  took(checked: Checked): void {
    if (checked === undefined) this.#cut++;
    else if (checked[0] !== undefined) this.#violated(checked[0]);
  }

  /** One line. */
  get progress(): string {
    return `${this.#batches} batches, ${this.#gaps} gaps, ${this.#resets} resets, now ${this.#last?.cursor ?? "none"}`;
  }

  /** Some lines. */
  report(): string {
    const lines = [
      ...this.#verdict(),
      `batches: ${this.#batches}${this.#range()}`,
      `gaps: ${this.#gaps}, ${this.#missing} batches; resets: ${this.#resets}`,
    ];
    if (this.#cut > 0) lines.push(`checked in part: ${this.#cut} batches, whose whole list of words could not be had`);
    if (this.#last !== undefined) {
      const { total, hash } = this.#last;
      const { lines: read, words, bytes, sourceGaps } = total;
      lines.push(`total: ${read} lines, ${words} words, ${bytes} bytes, ${sourceGaps} source gaps`);
      lines.push(`hash: ${safeText(hash)}`);
    }
    return `${lines.join("\n")}\n`;
  }

  #verdict(): string[] {
    if (this.violation === undefined) return ["all holds"];
    const { invariant, message, batches } = this.violation;
    return [`violated: ${invariant}: ${safeText(message)}`, ...batches.map((batch) => `  ${safeJson(batch)}`)];
  }

  #range(): string {
    return this.#first === undefined ? "" : safeText(`, ${this.#first.cursor} to ${this.#last?.cursor}`);
  }

  #counted(batch: BatchEvent): void {
    this.#batches++;
    this.#first ??= batch;
    this.#last = batch;
    this.#reached(batch.seq);
  }

  #missed({ to, batches }: GapEvent): void {
    this.#gaps++;
    this.#missing += batches;
    this.#reached(seqOf(to));
  }

  /** Another log: what is told of the last one is over. */
  #began(): void {
    this.#resets++;
    this.#first = undefined;
    this.#last = undefined;
  }

  /** The newest batch when we came is the last one of an audit. */
  #greeted({ head, status }: HelloEvent): void {
    if (this.#until !== "head" || (this.#wanted !== Infinity && status !== "reset")) return;
    this.#wanted = head === null ? 0 : seqOf(head);
    if (head === null) this.isDone = true;
  }

  #reached(seq: number): void {
    if (seq >= this.#wanted || this.#batches === this.#until) this.isDone = true;
  }

  #violated({ invariant, message, batches }: Violation): void {
    this.violation ??= { invariant, message, batches };
    this.isDone = true;
  }
}

function seqOf(cursor: string): number {
  return Number(cursor.split(":").at(-1));
}
