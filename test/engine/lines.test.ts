import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LineDecoder } from "../../src/engine/lines.ts";
import { decodeUtf8 } from "../../src/engine/utf8.ts";
import { utf8 } from "../support/bytes.ts";

/** Decodes chunks; each is overwritten after its write, as a receive buffer is. */
function decode(chunks: readonly Uint8Array[], maxLineLength?: number): { lines: string[]; decoder: LineDecoder } {
  const lines: string[] = [];
  const sink = {
    line: (bytes: Uint8Array, start: number, end: number) => lines.push(decodeUtf8(bytes.subarray(start, end))),
  };
  const decoder = new LineDecoder(sink, maxLineLength);
  for (const chunk of chunks) {
    const buffer = Uint8Array.from(chunk);
    decoder.write(buffer);
    buffer.fill(0x58);
  }
  decoder.end();
  return { lines, decoder };
}

/** The same by the book: the whole text at once. */
function linesOf(bytes: Uint8Array): string[] {
  const lines = splitBytes(bytes).map((line) => decodeUtf8(line));
  if (lines.at(-1) === "" && splitBytes(bytes).at(-1)?.length === 0) lines.pop();
  return lines;
}

function splitBytes(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] !== 10 && bytes[i] !== 13) continue;
    lines.push(bytes.subarray(start, i));
    if (bytes[i] === 13 && bytes[i + 1] === 10) i++;
    start = i + 1;
  }
  lines.push(bytes.subarray(start));
  return lines;
}

describe("LineDecoder splits as Java's readLine does", () => {
  test.each([
    ["a\nb\n", ["a", "b"]],
    ["a\r\nb\r\n", ["a", "b"]],
    ["a\rb\rc", ["a", "b", "c"]],
    ["a\n\rb", ["a", "", "b"]],
    ["\n\n", ["", ""]],
    ["a\n\nb", ["a", "", "b"]],
    ["", []],
    ["\r\r\n\n", ["", "", ""]],
    ["a\u000bb\fc\u0085d\u2028e\u2029f\u0000g\n", ["a\u000bb\fc\u0085d\u2028e\u2029f\u0000g"]],
    ["\ufeffhi\n", ["\ufeffhi"]],
    ["__proto__ 😀\r\nconstructor\n", ["__proto__ 😀", "constructor"]],
  ])("%j", (text, lines) => {
    expect(decode([utf8(text)]).lines).toEqual(lines);
  });

  test("gives the same lines wherever the bytes are cut", () => {
    const bytes = utf8("\ufeffspark  streaming\r\nhello 😀 wörld\r\r\n\n__proto__\rlast é");
    const whole = linesOf(bytes);
    for (let first = 0; first <= bytes.length; first++) {
      for (let second = first; second <= bytes.length; second++) {
        const parts = [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)];
        expect(decode(parts).lines).toEqual(whole);
      }
    }
  });

  test("gives the same lines of any bytes in any chunks", () => {
    const byte = fc.oneof(fc.constantFrom(10, 13, 32, 97, 0xc3, 0xa9, 0xed, 0xa0, 0x80, 0xf0, 0x9f, 0xff), fc.nat(255));
    const chunks = fc.array(
      fc.array(byte, { maxLength: 30 }).map((bytes) => Uint8Array.from(bytes)),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(chunks, (parts) => {
        expect(decode(parts).lines).toEqual(linesOf(Uint8Array.from(parts.flatMap((part) => [...part]))));
      }),
      { numRuns: 500 },
    );
  });
});

describe("LineDecoder bounds a line", () => {
  test("cuts a line that is too long, says what it lost, and goes on", () => {
    const { lines, decoder } = decode([utf8("abcdefgh\nxy\n")], 5);
    expect(lines).toEqual(["abcde", "xy"]);
    expect(decoder.dropped).toEqual({ lines: 1, bytes: 3 });
    expect(decoder.lines).toBe(2);
  });

  test("keeps a line that is exactly as long as the bound", () => {
    const { lines, decoder } = decode([utf8("abc"), utf8("de\n")], 5);
    expect(lines).toEqual(["abcde"]);
    expect(decoder.dropped).toEqual({ lines: 0, bytes: 0 });
  });

  test("cuts at a character's boundary wherever the chunks are", () => {
    const bytes = utf8("ab😀cd\n");
    for (let at = 0; at <= bytes.length; at++) {
      for (const bound of [3, 4, 5]) {
        const { lines, decoder } = decode([bytes.subarray(0, at), bytes.subarray(at)], bound);
        expect(lines).toEqual(["ab"]);
        expect(decoder.dropped).toEqual({ lines: 1, bytes: 6 });
      }
    }
  });

  test("takes a line of 10 MB without an end in small chunks and keeps 1 MiB of it", () => {
    const chunk = new Uint8Array(64 * 1024).fill(0x61);
    const chunks = Array.from({ length: 160 }, () => chunk);
    const { lines, decoder } = decode([...chunks, utf8("\nnext\n")]);
    expect(lines.map((line) => line.length)).toEqual([1024 * 1024, 4]);
    expect(decoder.dropped).toEqual({ lines: 1, bytes: 9 * 1024 * 1024 });
  });

  test("counts an abandoned line as dropped", () => {
    const decoder = new LineDecoder({ line: () => expect.unreachable() });
    decoder.write(utf8("half a li"));
    decoder.abandon();
    decoder.end();
    expect(decoder.dropped).toEqual({ lines: 1, bytes: 9 });
  });
});
