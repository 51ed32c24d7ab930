import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { utf8 } from "../support/bytes.ts";
import { inLines, kernel, plain, play, type Event, type Options } from "../support/kernel.ts";

/** Both must give the same of everything. */
function expectSame(events: readonly Event[], options: Partial<Options> = {}): void {
  expect(play(kernel(options), events)).toEqual(play(plain(options), events));
}

/** Bytes in three parts, cut at every two places. */
function everyCut(bytes: Uint8Array, check: (parts: Uint8Array[]) => void): void {
  for (let first = 0; first <= bytes.length; first++)
    for (let second = first; second <= bytes.length; second++)
      check([bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)]);
}

const HOSTILE = [10, 13, 32, 32, 97, 98, 0xc3, 0xa9, 0xed, 0xa0, 0x80, 0xf0, 0x9f, 0x98, 0x80, 0xef, 0xbf, 0xbd, 0xff];
const byte = fc.oneof(fc.constantFrom(...HOSTILE), fc.nat(255));
const bytes = fc.oneof(
  fc.array(byte, { maxLength: 30 }).map((each) => Uint8Array.from(each)),
  fc
    .array(fc.constantFrom("a", "bb ", "spark", " ", "\n", "\r\n", "\r", "streaming-words ", "é ", "x".repeat(70)), {
      maxLength: 40,
    })
    .map((parts) => utf8(parts.join(""))),
  fc
    .array(fc.constantFrom("to be or not", "that is", "", "that is the question of this play, which is long"), {
      maxLength: 60,
    })
    .map(inLines),
);
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 8, arbitrary: bytes },
  { weight: 1, arbitrary: fc.constantFrom<Event>("end", "abandon", "cut", "cut") },
);
const options = fc.record({
  separator: fc.constantFrom(
    32,
    32,
    44,
    0,
    10,
    13,
    97,
    127,
    "aa",
    "  ",
    "é",
    "a ",
    "\r\n",
    "b\n",
    "ab😀",
    "x".repeat(64),
  ),
  maxWords: fc.constantFrom(1e6, 3, 1),
  maxWordBytes: fc.constantFrom(2 ** 20, 20),
  maxLineLength: fc.constantFrom(2 ** 20, 64, 7, 3, 1),
});

/** Much is counted here, on machines that may do more besides. */
vi.setConfig({ testTimeout: 60_000 });

describe("Kernel counts as LineDecoder and WordCounter do", () => {
  test("any bytes in any chunks, with any separator and any bounds", () => {
    const property = fc.property(fc.array(event, { maxLength: 20 }), options, expectSame);
    fc.assert(property, { numRuns: 400 });
  });

  test("wherever the bytes are cut", () => {
    const text = utf8("\ufeffspark  streaming\r\nhello 😀 wörld-of-words\r\r\n\n__proto__\rlast é");
    const [whole] = play(plain(), [text, "end"]);
    const one = kernel();
    everyCut(text, (parts) => expect(play(one, [...parts, "end"])).toEqual([whole]));
  });

  test("wherever invalid bytes are cut", () => {
    const damaged = Uint8Array.from([
      0x61, 0xff, 0x20, 0x61, 0xed, 0xa0, 0x80, 0x0a, 0x61, 0xfe, 0x20, 0xe2, 0x82, 0x0d, 0xf0, 0x9f,
    ]);
    const [whole] = play(plain(), [damaged, "end"]);
    expect(whole?.words).toEqual([
      ["a\ufffd", 3],
      ["\ufffd", 2],
    ]);
    const one = kernel();
    everyCut(damaged, (parts) => expect(play(one, [...parts, "end"])).toEqual([whole]));
  });

  test("over-long lines, wherever they are cut", () => {
    for (const maxLineLength of [1, 2, 3, 4, 5, 6, 7]) {
      const text = utf8("ab😀cd é\r\nxy z\n");
      const [whole] = play(plain({ maxLineLength }), [text]);
      const one = kernel({ maxLineLength });
      everyCut(text, (parts) => expect(play(one, parts)).toEqual([whole]));
    }
  });

  test("words of every length, at every place of a block", () => {
    const words = Array.from({ length: 90 }, (_, length) => "abcdefghijklmnop".repeat(6).slice(0, length));
    for (let shift = 0; shift < 64; shift++)
      expectSame([inLines(["-".repeat(shift), words.join(" "), words.join(" ")])]);
  });

  test("longer separators wherever the bytes are cut, the leftmost of those that overlap", () => {
    const text = utf8("a→→b→\r\n→\r→ab→aab\n→→→\nlast→");
    for (const separator of ["→", "→→", "b→", "→a", "aab", "\n→"]) {
      const [whole] = play(plain({ separator }), [text, "end"]);
      const one = kernel({ separator });
      everyCut(text, (parts) => expect(play(one, [...parts, "end"])).toEqual([whole]));
    }
  });

  test("longer separators in repeated lines, and one that a longer line left behind", () => {
    const lines = ["a, b, c,", "a, b, ", "a,", ", ", "x, , y"];
    const many = inLines(Array.from({ length: 3000 }, (_, i) => lines[i % lines.length]!));
    expectSame([many, "cut", many], { separator: ", " });
    expectSame([inLines(["left to right to ", "left", "left", "left"])], { separator: " to " });
  });

  test("more words than it counts at once: new among known, short among long, and line ends of all kinds", () => {
    const words = Array.from({ length: 1500 }, (_, i) =>
      i % 3 === 0 ? `new${i}` : i % 7 === 0 ? `new-and-longer-${i}` : i % 5 === 0 ? "" : `known${i % 11}`,
    );
    for (const size of [60, 255, 256, 257, 319, 320, 321, 1500]) {
      const some = words.slice(0, size);
      for (const by of [" ", "\n", "\r\n", "\r"]) expectSame([utf8(`${some.join(by)}\n${some.join(" ")}\n`)]);
    }
    expectSame([utf8(`${" ".repeat(999)}\n`.repeat(3)), utf8(`${"x ".repeat(999)}\r\n`.repeat(3))]);
    expectSame([utf8(`${words.join(" ")}\n`)], { maxWords: 100 });
  });

  test("words that differ in one byte only, at any place", () => {
    const words = Array.from({ length: 40 }, (_, length) =>
      Array.from({ length }, (_each, at) => "a".repeat(at) + "b" + "a".repeat(length - at - 1)).join(" "),
    );
    expectSame([inLines(words), inLines(words)]);
  });

  test("chunks larger than it takes at once", () => {
    const line = `${"some words of a line ".repeat(10)}\r\n`;
    expectSame([utf8(line.repeat(5000)), utf8(`${"x".repeat(700_000)} y\nz`), "end"]);
  });

  test("a line of 10 MB without an end, in small chunks", () => {
    const chunk = new Uint8Array(64 * 1024).fill(0x61);
    const events: Event[] = [...Array.from({ length: 160 }, () => chunk), utf8("\nnext\n")];
    const one = kernel();
    expectSame(events);
    expect(play(one, events)[0]?.stats).toEqual({ lines: 2, dropped: { lines: 1, bytes: 9 * 1024 * 1024 } });
  });

  test("bytes put straight into its buffer", () => {
    const { reader, take } = kernel();
    for (const part of ["to be or n", "ot to", " be\n"])
      reader.wrote(new TextEncoder().encodeInto(part, reader.buffer).written);
    expect([...take().counts]).toEqual([2, 2, 1, 1]);
    expect(reader.take().lines).toBe(1);
  });
});

describe("Kernel is bounded", () => {
  test("counts new words past maxWords and maxWordBytes in other, in repeated lines too", () => {
    const lines = inLines(Array.from({ length: 3000 }, (_, i) => `known words ${i % 7} ${"long".repeat(i % 5)}`));
    for (const bounds of [{ maxWords: 4 }, { maxWordBytes: 30 }, { maxWords: 0 }]) {
      const events = [lines, "cut", lines] as const;
      expectSame(events, bounds);
      expect(play(kernel(bounds), events).map(({ other }) => other > 0)).toEqual([true, true]);
    }
  });

  test("counts a million distinct words, then few, and says that its memory is better let go", () => {
    const { reader, take } = kernel({ maxWords: 2e6 });
    const words = 1_050_000;
    for (let from = 0; from < words; from += 3000)
      reader.write(
        utf8(Array.from({ length: 3000 }, (_, i) => `w${from + i}${i % 3 === 0 ? "-and-longer" : ""} w\n`).join("")),
      );
    const counted = take();
    expect(counted.words.length).toBe(words + 1);
    expect(counted.words.slice(0, 3)).toEqual(["w0-and-longer", "w", "w1"]);
    expect(counted.words.at(-1)).toBe(`w${words - 1}`);
    expect(counted.counts.reduce((sum, count) => sum + count)).toBe(words * 2);
    expect(reader.isOversized).toBe(false);
    reader.write(utf8("few\n"));
    expect([take().words, reader.isOversized]).toEqual([["few"], true]);
  });

  test("counts the same words in the next interval after any growth", () => {
    const many = inLines(Array.from({ length: 20_000 }, (_, i) => `word${i % 9000} another-long-word${i % 5000}`));
    expectSame([many, "cut", many, "cut", inLines(["few"]), "cut", many]);
  });
});

describe("Kernel keeps repeated lines", () => {
  const five = ["to be or not", "that is the question", "", "a", "words words words of one line"];
  const random = (seed: number): (() => number) => {
    let state = seed;
    return () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) / 2 ** 32;
  };

  test("and counts them over batches, in order of first appearance", () => {
    const next = random(1);
    const some = (): Uint8Array => inLines(Array.from({ length: 500 }, () => five[Math.floor(next() * 5)]!));
    expectSame([some(), some(), "cut", some(), "cut", "cut", inLines(five.toReversed()), "cut", some()]);
  });

  test("with any line ends", () => {
    expectSame([
      utf8([...five, ...five].join("\r\n")),
      utf8([...five, ...five].join("\r")),
      "end",
      utf8(five.join("\n\r")),
    ]);
  });

  test("until they do not repeat, and again when they do", () => {
    const next = random(2);
    const other = (size: number): Uint8Array =>
      inLines(Array.from({ length: size }, () => `line ${Math.floor(next() * 1e6)} of many others that are there`));
    const same = (size: number): Uint8Array => inLines(Array.from({ length: size }, (_, i) => five[i % 5]!));
    expectSame([
      same(2000),
      other(2000),
      same(2000),
      "cut",
      other(60_000),
      same(20_000),
      "cut",
      same(20_000),
      other(5000),
    ]);
  });

  test("and alternating ones that are none of them", () => {
    const lines = Array.from({ length: 5000 }, (_, i) => (i % 2 === 0 ? five[i % 5]! : `another ${i}`));
    expectSame([inLines(lines), "cut", inLines(lines)]);
  });

  test("that are as long as it keeps, and one longer", () => {
    for (const length of [15, 16, 17, 127, 128, 129]) {
      const line = "ab ".repeat(50).slice(0, length);
      expectSame([inLines([line, line, `${line.slice(0, -1)}!`, line, `!${line.slice(1)}`, line])]);
    }
  });
});
