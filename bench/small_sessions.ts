/** Many sessions with few lines each, and what one boundary of all of them costs. @module */

import { WordCounter } from "../src/engine/counter.ts";
import { LineDecoder } from "../src/engine/lines.ts";
import { fiveLines } from "./texts.ts";

/** So many sessions. */
export interface SmallSessions {
  /** Each takes three lines, closes its batch and writes it as JSON; gives the bytes written. */
  boundary(): number;
}

const LIMITS = { maxWords: 1_000_000, maxWordBytes: 64 * 1024 * 1024 };
const text = fiveLines(256).bytes;
const lines = text.subarray(0, text.indexOf(0x0a, text.indexOf(0x0a, text.indexOf(0x0a) + 1) + 1) + 1);

export const sessions: Readonly<Record<"ours" | "naive", (many: number) => SmallSessions>> = {
  ours(many) {
    const all = Array.from({ length: many }, () => {
      const counter = new WordCounter(Uint8Array.of(0x20), LIMITS);
      return { counter, decoder: new LineDecoder(counter, 1024 * 1024) };
    });
    return { boundary: () => all.reduce((sum, one) => sum + written(one), 0) };
  },
  naive(many) {
    const all = Array.from({ length: many }, () => ({ counts: new Map<string, number>() }));
    return { boundary: () => all.reduce((sum, one) => sum + writtenNaively(one), 0) };
  },
};

function written({ counter, decoder }: { readonly counter: WordCounter; readonly decoder: LineDecoder }): number {
  decoder.write(lines);
  const { words, counts } = counter.take();
  return JSON.stringify(words.map((word, i) => [word, counts[i]])).length;
}

function writtenNaively(session: { counts: Map<string, number> }): number {
  const { counts } = session;
  for (const line of new TextDecoder().decode(lines).split("\n").slice(0, -1))
    for (const word of line.split(" ")) counts.set(word, (counts.get(word) ?? 0) + 1);
  session.counts = new Map();
  return JSON.stringify([...counts]).length;
}
