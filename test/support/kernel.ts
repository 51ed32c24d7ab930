/** The kernel and the plain path, by hand and side by side. @module */

import { WordCounter, type CounterLimits } from "../../src/engine/counter.ts";
import type { Counted } from "../../src/engine/counted.ts";
import { Kernel } from "../../src/engine/kernel.ts";
import { LineDecoder, type LineReader, type LineStats } from "../../src/engine/lines.ts";

/** What both count, and how. */
export interface Options extends CounterLimits {
  /** A text, or one byte. */
  readonly separator: string | number;
  readonly maxLineLength: number;
}

const DEFAULTS: Options = { separator: 0x20, maxWords: 1e6, maxWordBytes: 2 ** 26, maxLineLength: 2 ** 20 };

/** Reads bytes and counts their words. */
export interface Counting {
  readonly reader: LineReader;
  take(): Counted;
}

export function kernel(options: Partial<Options> = {}): Counting & { readonly reader: Kernel } {
  const wanted = { ...DEFAULTS, ...options };
  const reader = Kernel.open({ ...wanted, separator: bytesOf(wanted.separator) });
  if (reader === undefined) throw new Error("Cannot open a kernel");
  return { reader, take: () => reader.takeWords() };
}

export function plain(options: Partial<Options> = {}): Counting {
  const { separator, maxLineLength, ...limits } = { ...DEFAULTS, ...options };
  const counter = new WordCounter(bytesOf(separator), limits);
  return { reader: new LineDecoder(counter, maxLineLength), take: () => counter.take() };
}

function bytesOf(separator: string | number): Uint8Array {
  return typeof separator === "string" ? new TextEncoder().encode(separator) : Uint8Array.of(separator);
}

/** One thing that happens to a stream: bytes, or its connection's end, or a batch's. */
export type Event = Uint8Array | "end" | "abandon" | "cut";

/** What came of it: each interval's words in order, and its lines. */
export interface Interval {
  readonly words: readonly (readonly [string, number])[];
  readonly other: number;
  readonly stats: LineStats;
}

/** Lets it all happen, and a cut at the end. */
export function play({ reader, take }: Counting, events: readonly Event[]): Interval[] {
  const intervals: Interval[] = [];
  const cut = (): void => {
    const { words, counts, other } = take();
    intervals.push({ words: words.map((word, i) => [word, counts[i] ?? 0]), other, stats: reader.take() });
  };
  for (const event of events) {
    if (event === "cut") cut();
    else if (event === "end") reader.end();
    else if (event === "abandon") reader.abandon();
    else reader.write(event);
  }
  cut();
  return intervals;
}

/** A line end, so that a text of lines is whole. */
export function inLines(lines: readonly string[]): Uint8Array {
  return new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
}
