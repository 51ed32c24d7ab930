/** One run of a receiver against the sender in C, measured and checked. @module */

import { cpuSeconds, linesOf, start } from "./processes.ts";
import type { Counts, Receiver } from "./receivers.ts";

/** What is sent, and by what. */
export interface Sent {
  /** The compiled `native/stream.c`. */
  readonly sender: string;
  readonly file: string;
  readonly bytes: number;
  /** The words of the file. */
  readonly expected: Counts;
}

/** And for how long. */
export interface Race extends Sent {
  readonly warmupS: number;
  readonly seconds: number;
}

/** How fast it was. */
export type Speed = Readonly<Record<"MB/s" | "MB/CPU-s", number>>;

/** The file goes out whole as often as the time lets it; rejects when the counts are not those of the file, so many times. */
export async function race(
  receiver: Receiver,
  { sender, file, bytes, expected, warmupS, seconds }: Race,
): Promise<Speed> {
  const stream = start([sender, file, String(warmupS), String(seconds)], { core: 0 });
  const next = linesOf(stream);
  try {
    const reading = await receiver(await portOf(next));
    const mark = async (): Promise<{ passes: number; at: number; cpu: number }> => {
      const [, passes = 0, at = 0] = await wordsOf(next);
      return { passes, at, cpu: cpuSeconds(reading.pid) };
    };
    const from = await mark();
    const to = await mark();
    check(await reading.counts(), expected, to.passes);
    const megabytes = ((to.passes - from.passes) * bytes) / 1e6;
    return { "MB/s": megabytes / (to.at - from.at), "MB/CPU-s": megabytes / (to.cpu - from.cpu) };
  } finally {
    stream.kill("SIGKILL");
  }
}

/** The words of a text, counted with the least that can be wrong. */
export function wordsIn(text: Uint8Array): Counts {
  const counts = new Map<string, number>();
  for (const line of new TextDecoder().decode(text).split("\n").slice(0, -1))
    for (const word of line.split(" ")) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** Fails unless each word was counted as often as it is in the text, so many times. */
export function check(counted: Counts, expected: Counts, passes: number): void {
  const wrong = [...expected].find(([word, count]) => counted.get(word) !== count * passes);
  if (wrong === undefined && counted.size === expected.size) return;
  const [word = "", count = 0] = wrong ?? [];
  throw new Error(
    `The counts are wrong: ${counted.size} distinct of ${expected.size}; ${word}: ${counted.get(word)} of ${count * passes}`,
  );
}

/** Where the sender listens: its first line. */
export async function portOf(next: () => Promise<string | undefined>): Promise<number> {
  const [, port = 0] = await wordsOf(next);
  return port;
}

async function wordsOf(next: () => Promise<string | undefined>): Promise<number[]> {
  const line = await next();
  if (line === undefined) throw new Error("The sender ended too early: nobody reads, or its reader went away");
  return line.split(" ").map(Number);
}
