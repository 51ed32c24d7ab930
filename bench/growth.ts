/**
 * How the cost of counting grows: with distinct words, the length of lines, the size of a batch, the number of sessions. CPU time
 * of one process, medians. Run it with `npm run bench:growth`: JSON goes to standard output; `npm run bench` draws it.
 *
 * Options: `--rounds N` (default 3), `--mib N` of text for each point (default 16). @module
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { engines, type Count } from "./engines.ts";
import { median, print } from "./harness.ts";
import { compile, runtimes, versionsOf } from "./processes.ts";
import { sessions, type SmallSessions } from "./small_sessions.ts";
import type { Curves, Series } from "./svg.ts";
import { manyWords, withLinesOf, zipf } from "./texts.ts";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "3" }, mib: { type: "string", default: "16" } },
});
const CHUNK = 64 * 1024;
const size = Number(values.mib) * 2 ** 20;
const dir = mkdtempSync(join(tmpdir(), "sluice-bench-"));
const native = compile("words", dir);

/** CPU ms of what is done, the median of the rounds; a first one warms up. */
function cost(run: () => unknown): number {
  run();
  const all = Array.from({ length: Number(values.rounds) }, () => {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return median(all);
}

function chunksOf(text: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.ceil(text.length / CHUNK) }, (_, i) => text.subarray(i * CHUNK, (i + 1) * CHUNK));
}

/** In batches of so many bytes, each counted and taken. */
function runIn(count: Count, text: Uint8Array, batch: number): void {
  for (let at = 0; at < text.length; at += batch) count(chunksOf(text.subarray(at, at + batch)));
}

function costInC(program: string, text: Uint8Array): number {
  const file = join(dir, "text");
  writeFileSync(file, text);
  const rounds = execFileSync(program, [file, String(Number(values.rounds) + 1)], { encoding: "utf8" })
    .trim()
    .split("\n");
  return median(rounds.slice(1, -1).map(Number));
}

/** A text for each place on the axis, counted by every engine and in C: ns a byte. */
function perByte(texts: readonly (readonly [x: number, text: Uint8Array])[]): Series[] {
  const measured = (name: string, msOf: (text: Uint8Array) => number): Series => {
    return { name, points: texts.map(([x, text]) => [x, (msOf(text) * 1e6) / text.length]) };
  };
  const ours = engines.map(({ name, open }) =>
    measured(name, (text) => {
      const count = open();
      return cost(() => runIn(count, text, text.length));
    }),
  );
  return native === undefined ? ours : [...ours, measured("C", (text) => costInC(native, text))];
}

function perSession(name: string, make: (many: number) => SmallSessions): Series {
  const points = [10, 100, 1000, 10_000].map((many): [number, number] => {
    const all = make(many);
    // Few are over before the clock has moved.
    const times = Math.ceil(10_000 / many);
    return [many, cost(() => Array.from({ length: times }, () => all.boundary())) / times];
  });
  return { name, points };
}

const words = zipf(size).bytes;
const curves: readonly Curves[] = [
  {
    title: "Cost against distinct words",
    x: "distinct words in a batch",
    y: "CPU ns a byte",
    series: perByte([2, 3, 4, 5, 6].map((power) => [10 ** power, manyWords(10 ** power, size)])),
  },
  {
    title: "Cost against line length",
    x: "bytes a line",
    y: "CPU ns a byte",
    series: perByte([10, 100, 1000, 10_000, 100_000].map((length) => [length, withLinesOf(length, words)])),
  },
  {
    title: "Cost against batch size",
    x: "bytes a batch",
    y: "CPU ns a byte",
    series: engines.map(({ name, open }) => {
      const points = [1e3, 1e4, 1e5, 1e6, 1e7].map((batch): [number, number] => {
        const count = open();
        return [batch, (cost(() => runIn(count, words, batch)) * 1e6) / words.length];
      });
      return { name, points };
    }),
  },
  {
    title: "Cost against sessions",
    x: "sessions that have three lines each",
    y: "CPU ms a boundary",
    series: [perSession("plain bytes", sessions.ours), perSession("naive", sessions.naive)],
  },
];
rmSync(dir, { recursive: true });
print({ bench: "growth", versions: versionsOf(runtimes("node")), results: {}, curves });
