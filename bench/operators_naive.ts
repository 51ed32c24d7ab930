/** What one writes first: the peers of the bench of operators. @module */

type Pair = readonly [string, number];

/** A user's functions. */
export interface WordCount {
  readonly split: (line: string) => string[];
  readonly keep?: ((word: string) => boolean) | undefined;
  readonly pair: (word: string) => Pair;
  readonly add: (a: number, b: number) => number;
}

export function countWords(chunks: readonly Uint8Array[], { split, keep, pair, add }: WordCount): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of linesOf(chunks)) {
    for (const word of split(line)) {
      if (keep !== undefined && !keep(word)) continue;
      const [key, value] = pair(word);
      counts.set(key, counts.has(key) ? add(counts.get(key)!, value) : value);
    }
  }
  return counts;
}

/** Calls the functions and counts nothing: no engine can be faster that has to call them for each line and word. */
export function callOnly(chunks: readonly Uint8Array[], { split, keep, pair }: WordCount): number {
  let all = 0;
  for (const line of linesOf(chunks)) {
    for (const word of split(line)) {
      if (keep !== undefined && !keep(word)) continue;
      all += pair(word)[1];
    }
  }
  return all;
}

function* linesOf(chunks: readonly Uint8Array[]): Generator<string> {
  const decoder = new TextDecoder();
  let left = "";
  for (const chunk of chunks) {
    const lines = (left + decoder.decode(chunk, { stream: true })).split("\n");
    left = lines.pop() ?? "";
    yield* lines;
  }
}

/** The values of each key in the last `length` batches, merged anew for each. */
export function reduceWindows(batches: readonly (readonly Pair[])[], length: number, add: WordCount["add"]): Pair[] {
  let totals = new Map<string, number>();
  for (let at = 0; at < batches.length; at++) {
    totals = new Map();
    for (const batch of batches.slice(Math.max(0, at + 1 - length), at + 1))
      for (const [key, value] of batch) totals.set(key, totals.has(key) ? add(totals.get(key)!, value) : value);
  }
  return [...totals];
}

export function countWindows(batches: readonly (readonly Pair[])[], length: number): [string, number][] {
  let count = 0;
  for (let at = 0; at < batches.length; at++) {
    count = 0;
    for (const batch of batches.slice(Math.max(0, at + 1 - length), at + 1)) for (const _ of batch) count++;
  }
  return [["", count]];
}

export function updateState(
  batches: readonly (readonly Pair[])[],
  update: (news: number[], state: number | undefined) => number,
): Pair[] {
  let states = new Map<string, number>();
  for (const batch of batches) {
    const news = new Map<string, number[]>();
    for (const [key, value] of batch) news.set(key, [...(news.get(key) ?? []), value]);
    const next = new Map<string, number>();
    for (const key of new Set([...states.keys(), ...news.keys()]))
      next.set(key, update(news.get(key) ?? [], states.get(key)));
    states = next;
  }
  return [...states];
}
