import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { engines } from "../../bench/engines.ts";
import { check, race, wordsIn } from "../../bench/ingest_race.ts";
import { compile, runtimes } from "../../bench/processes.ts";
import { program, service, type Receiver } from "../../bench/receivers.ts";
import { fiveLines, manyWords, withLinesOf, zipf } from "../../bench/texts.ts";

const folder = await mkdtemp(join(tmpdir(), "sluice-bench-test-"));
afterAll(() => rm(folder, { recursive: true }));
const [words, stream, count] = ["words", "stream", "count"].map((name) => compile(name, folder));
const node = runtimes("node");
const TEXTS = [
  zipf(200_000).bytes,
  fiveLines(200_000).bytes,
  manyWords(1000, 200_000),
  withLinesOf(1000, zipf(200_000).bytes),
];

test.each(TEXTS)("the engines agree on a text", async (text) => {
  const counts = wordsIn(text);
  const expected = { distinct: counts.size, words: [...counts.values()].reduce((sum, each) => sum + each, 0) };
  const chunks = [text.subarray(0, 65_537), text.subarray(65_537)];
  for (const engine of engines)
    expect({ name: engine.name, ...engine.open()(chunks) }).toEqual({ name: engine.name, ...expected });
  if (words === undefined) return;
  const file = join(folder, "text");
  await writeFile(file, text);
  const said = execFileSync(words, [file, "1"], { encoding: "utf8" }).trim().split("\n").at(-1);
  expect(said).toBe(`${expected.distinct} ${expected.words}`);
});

describe.runIf(stream !== undefined && count !== undefined)("what reads a socket counts all that was sent:", () => {
  const receivers: [name: string, receiver: Receiver][] = [
    ["the reader in C", program([count!])],
    ...node.flatMap((runtime): [string, Receiver][] => [
      ["the library", program([...runtime.command, "bench/programs/library.ts"], "100")],
      ["the service", service(runtime, 100)],
      ["the naive way", program([...runtime.command, "bench/programs/naive.ts"])],
    ]),
  ];

  test.each(receivers)("%s", async (_, receiver) => {
    const text = zipf(400_000).bytes;
    const file = join(folder, "sent");
    await writeFile(file, text);
    const sent = { sender: stream!, file, bytes: text.length, expected: wordsIn(text) };
    const speed = await race(receiver, { ...sent, warmupS: 0, seconds: 0 });
    expect(speed["MB/s"]).toBeGreaterThan(0);
  });
});

test("check refuses counts that are not those of the text, so many times", () => {
  const expected = wordsIn(new TextEncoder().encode("a b\na\n"));
  expect(() =>
    check(
      new Map([
        ["a", 4],
        ["b", 2],
      ]),
      expected,
      2,
    ),
  ).not.toThrow();
  expect(() =>
    check(
      new Map([
        ["a", 4],
        ["b", 1],
      ]),
      expected,
      2,
    ),
  ).toThrow("The counts are wrong: 2 distinct of 2; b: 1 of 2");
  expect(() =>
    check(
      new Map([
        ["a", 4],
        ["b", 2],
        ["c", 1],
      ]),
      expected,
      2,
    ),
  ).toThrow("3 distinct of 2");
});
