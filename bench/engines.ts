/** The ways of counting words that the bench compares. @module */

import { WordCounter } from "../src/engine/counter.ts";
import { Kernel } from "../src/engine/kernel.ts";
import { LineDecoder } from "../src/engine/lines.ts";

/** Takes one text in chunks and gives the number of distinct words and of all. */
export type Count = (chunks: readonly Uint8Array[]) => { readonly distinct: number; readonly words: number };

/** A way of counting. */
export interface Engine {
  readonly name: string;
  /** Opens one, for any number of texts one after the other. */
  open(): Count;
}

const LIMITS = { maxWords: 1_000_000, maxWordBytes: 64 * 1024 * 1024 };
const SPACE = Uint8Array.of(0x20);
const MAX_LINE_LENGTH = 1024 * 1024;

export const engines: readonly Engine[] = [
  { name: "kernel", open: openKernel },
  { name: "plain bytes", open: openPlain },
  { name: "naive", open: () => naive },
];

function openKernel(): Count {
  const opened = Kernel.open({ ...LIMITS, separator: SPACE, maxLineLength: MAX_LINE_LENGTH });
  if (opened === undefined) throw new Error("Cannot open a kernel: this runtime has no WebAssembly with SIMD");
  return (chunks) => {
    for (const chunk of chunks) opened.write(chunk);
    const { words, counts } = opened.takeWords();
    return { distinct: words.length, words: sum(counts) };
  };
}

function openPlain(): Count {
  const counter = new WordCounter(SPACE, LIMITS);
  const decoder = new LineDecoder(counter, MAX_LINE_LENGTH);
  return (chunks) => {
    for (const chunk of chunks) decoder.write(chunk);
    const { words, counts } = counter.take();
    return { distinct: words.length, words: sum(counts) };
  };
}

/** What one writes first; the decoder at least does not cut characters. */
function naive(chunks: readonly Uint8Array[]): { distinct: number; words: number } {
  const counts = new Map<string, number>();
  const decoder = new TextDecoder();
  let left = "";
  for (const chunk of chunks) {
    const lines = (left + decoder.decode(chunk, { stream: true })).split("\n");
    left = lines.pop() ?? "";
    for (const line of lines) for (const word of line.split(" ")) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return { distinct: counts.size, words: sum(counts.values()) };
}

function sum(counts: Iterable<number>): number {
  let all = 0;
  for (const count of counts) all += count;
  return all;
}
