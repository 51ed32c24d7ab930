/**
 * Users' own functions, windows and state beside what one writes first in plain JavaScript with the same functions:
 * `npm run bench:operators`, or with `deno run -A` or `bun`. A table goes to standard error, JSON to standard output.
 *
 * Options: `--rounds N` (default 7), `--mib N` of text in a batch (default 16). @module
 */

import { parseArgs } from "node:util";
import { StreamingContext, type DStream } from "../src/engine/mod.ts";
import { HandReceiver } from "../test/support/bytes.ts";
import { ManualClock } from "../test/support/manual_clock.ts";
import { compare, print, show, type Contender, type Row } from "./harness.ts";
import * as naive from "./operators_naive.ts";
import { fiveLines, zipf } from "./texts.ts";

type Counts = readonly (readonly [unknown, unknown])[];
type Pair = readonly [string, number];

const BATCH_MS = 1000;
const CHUNK = 64 * 1024;
const { values: options } = parseArgs({
  options: { rounds: { type: "string", default: "7" }, mib: { type: "string", default: "16" } },
});
const rounds = Number(options.rounds);

/** What came out last, by what was asked: all contenders must agree. */
const answers = new Map<string, string>();

/** `work` gives what came out at the end, and how much was done. */
function contender(
  question: string,
  name: string,
  work: () => Promise<[Counts, number]> | [Counts, number],
): Contender {
  return {
    name,
    async run() {
      const before = process.cpuUsage();
      const [counts, done] = await work();
      const { user, system } = process.cpuUsage(before);
      const answer = JSON.stringify(counts.map(([key, value]) => `${String(key)} ${String(value)}`).sort());
      if ((answers.get(question) ?? answer) !== answer) throw new Error(`${name} has another result: ${question}`);
      answers.set(question, answer);
      return { "per CPU-s": done / ((user + system) / 1e6) };
    },
  };
}

/** One batch of a text, in chunks as they come from a socket. */
async function countText(
  chunks: readonly Uint8Array[],
  words: (lines: DStream<string>) => DStream<Pair>,
): Promise<Counts> {
  const clock = new ManualClock();
  const receiver = new HandReceiver();
  const context = new StreamingContext({ batchInterval: BATCH_MS, clock });
  let counts: Counts = [];
  words(context.lines(receiver)).forEachBatch(({ rdd }) => (counts = rdd.collect()));
  await context.start();
  for (const chunk of chunks) receiver.write(chunk);
  await clock.advance(BATCH_MS);
  await context.stop();
  return counts;
}

/** Batches of pairs, one a slide; what came out of the last. */
async function run(
  batches: readonly (readonly Pair[])[],
  operate: (pairs: DStream<Pair>) => DStream<Pair | number>,
): Promise<Counts> {
  const clock = new ManualClock();
  const context = new StreamingContext({ batchInterval: BATCH_MS, clock });
  let last: readonly (Pair | number)[] = [];
  operate(context.queueStream(batches)).forEachBatch(({ rdd }) => (last = rdd.collect()));
  await context.start();
  await clock.advance(BATCH_MS * batches.length);
  await context.stop();
  return last.map((record) => (typeof record === "number" ? ["", record] : record));
}

/** Variables of a program: what names them can only be called. */
const separator = " ";
const once = Number(options.rounds) > 0 ? 1 : 2;
const plus = (a: number, b: number): number => {
  return a + b * once;
};
const functions: Readonly<Record<string, naive.WordCount>> = {
  recognised: { split: (line) => line.split(" "), pair: (word) => [word, 1], add: (a, b) => a + b },
  "pure by their text": {
    split: (line) => line.toLowerCase().split(/\s+/),
    keep: (word) => word !== "",
    pair: (word) => [word, 1],
    add: (a, b) => a + b,
  },
  opaque: { split: (line) => line.split(separator), pair: (word) => [word, once], add: plus },
  "opaque, with a filter and lower case": {
    split: (line) => line.toLowerCase().split(separator),
    keep: (word) => word.length > once,
    pair: (word) => [word, once],
    add: plus,
  },
};

const results: Record<string, readonly Row[]> = {};
async function measure(title: string, contenders: readonly Contender[]): Promise<void> {
  // A round to warm up.
  await compare(contenders, 1);
  const rows = await compare(contenders, rounds);
  show(title, rows);
  results[title] = rows;
}

for (const text of [zipf(Number(options.mib) * 2 ** 20), fiveLines(Number(options.mib) * 2 ** 20)]) {
  const chunks = Array.from({ length: Math.ceil(text.bytes.length / CHUNK) }, (_, i) =>
    text.bytes.subarray(i * CHUNK, (i + 1) * CHUNK),
  );
  const megabytes = text.bytes.length / 1e6;
  for (const [kind, { split, keep, pair, add }] of Object.entries(functions)) {
    const title = `MB of ${text.name}, functions ${kind}`;
    const sluice = async (): Promise<[Counts, number]> => {
      const counts = await countText(chunks, (lines) => {
        const words = lines.flatMap(split);
        return (keep === undefined ? words : words.filter(keep)).map(pair).reduceByKey(add);
      });
      return [counts, megabytes];
    };
    await measure(title, [
      contender(title, "naive", () => [[...naive.countWords(chunks, { split, keep, pair, add })], megabytes]),
      contender(title, "sluice", sluice),
      contender(`${title}, nothing counted`, "its functions alone", () => [
        [["pairs", naive.callOnly(chunks, { split, keep, pair, add })]],
        megabytes,
      ]),
    ]);
  }
}

const SLIDES = 150;
const LENGTH = 60;
const KEYS = 5000;
/** Batches of few of the keys, as they come in any order. */
const batches = Array.from({ length: SLIDES }, (_, slide) =>
  Array.from({ length: 1000 }, (_record, i): Pair => [
    `key${(slide * 7919 + i * i * 31) % KEYS}`,
    1 + ((slide + i) % 5),
  ]),
);
const subtract = (a: number, b: number): number => a - b * once;
const length = LENGTH * BATCH_MS;
const windows: readonly [title: string, (pairs: DStream<Pair>) => DStream<Pair | number>, () => Counts][] = [
  [
    "reduceByKeyAndWindow with an inverse",
    (pairs) => pairs.reduceByKeyAndWindow(plus, subtract, length, BATCH_MS, { filter: ([, value]) => value > 0 }),
    () => naive.reduceWindows(batches, LENGTH, plus),
  ],
  [
    "reduceByKeyAndWindow without, an opaque function",
    (pairs) => pairs.reduceByKeyAndWindow(plus, null, length, BATCH_MS),
    () => naive.reduceWindows(batches, LENGTH, plus),
  ],
  [
    "reduceByKeyAndWindow without, (a, b) => a + b",
    (pairs) => pairs.reduceByKeyAndWindow((a, b) => a + b, null, length, BATCH_MS),
    () => naive.reduceWindows(batches, LENGTH, plus),
  ],
  ["countByWindow", (pairs) => pairs.countByWindow(length, BATCH_MS), () => naive.countWindows(batches, LENGTH)],
  [
    "countByValueAndWindow",
    (pairs) => pairs.map(([key]) => key).countByValueAndWindow(length, BATCH_MS),
    () =>
      naive.reduceWindows(
        batches.map((batch) => batch.map(([key]): Pair => [key, 1])),
        LENGTH,
        plus,
      ),
  ],
  [
    "updateStateByKey",
    (pairs) => pairs.updateStateByKey<string, number, number>((news, state = 0) => news.reduce(plus, state)),
    () => naive.updateState(batches, (news, state = 0) => news.reduce(plus, state)),
  ],
];
for (const [title, operate, peer] of windows) {
  await measure(`slides: ${title}`, [
    contender(title, "naive", () => [peer(), SLIDES]),
    contender(title, "sluice", async () => [await run(batches, operate), SLIDES]),
  ]);
}

const { node, v8, deno, bun } = process.versions;
print({ bench: "operators", versions: { node, v8, deno, bun }, rounds, results });
