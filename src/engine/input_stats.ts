/** What came in, of one input or several. @module */

import type { Dropped, LineStats } from "./lines.ts";

/** What came in during one interval. */
export interface InputStats {
  readonly lines: number;
  /** Raw bytes, line ends included. */
  readonly bytes: number;
  readonly dropped: Readonly<Dropped>;
  /** Interruptions of the reading, and how long they were together. */
  readonly gaps: { readonly count: number; readonly downMs: number };
}

/** What two readers of one stream read. */
export function sumLines(one: LineStats, other: LineStats): LineStats {
  const dropped = {
    lines: one.dropped.lines + other.dropped.lines,
    bytes: one.dropped.bytes + other.dropped.bytes,
  };
  return { lines: one.lines + other.lines, dropped };
}

/** Several inputs' statistics as one. */
export function sumStats(all: readonly InputStats[]): InputStats {
  const [only] = all;
  if (only !== undefined && all.length === 1) return only;
  const sum = (value: (stats: InputStats) => number): number => all.reduce((total, stats) => total + value(stats), 0);
  return {
    lines: sum((stats) => stats.lines),
    bytes: sum((stats) => stats.bytes),
    dropped: { lines: sum((stats) => stats.dropped.lines), bytes: sum((stats) => stats.dropped.bytes) },
    gaps: { count: sum((stats) => stats.gaps.count), downMs: sum((stats) => stats.gaps.downMs) },
  };
}
