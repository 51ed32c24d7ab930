import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LineDecoder } from "../../src/engine/lines.ts";
import { TextLines } from "../../src/engine/text_lines.ts";
import { decodeUtf8 } from "../../src/engine/utf8.ts";
import { utf8 } from "../support/bytes.ts";

/** Decodes chunks, each overwritten after its write, as a receive buffer is. */
function together(chunks: readonly Uint8Array[], maxLineLength?: number): string[] {
  const lines: string[] = [];
  const text = new TextLines((line) => lines.push(line));
  const decoder = new LineDecoder(text, maxLineLength);
  for (const chunk of chunks) {
    const buffer = Uint8Array.from(chunk);
    text.begin(buffer);
    decoder.write(buffer);
    text.flush();
    buffer.fill(0x58);
  }
  decoder.end();
  return lines;
}

/** Each line by itself. */
function alone(chunks: readonly Uint8Array[], maxLineLength?: number): string[] {
  const lines: string[] = [];
  const line = (bytes: Uint8Array, start: number, end: number): number =>
    lines.push(decodeUtf8(bytes.subarray(start, end)));
  const decoder = new LineDecoder({ line }, maxLineLength);
  for (const chunk of chunks) decoder.write(chunk);
  decoder.end();
  return lines;
}

/** So many lines come before any is looked up. */
const MANY = utf8("a line that comes again\nand another one of them é\r\nthird\n".repeat(700));

const piece = fc.oneof(
  fc
    .constantFrom("a", "bc", "\n", "\n", "\r\n", "\r", "é", "😀", "\ufeff", "third\n", "a line that comes again\n")
    .map(utf8),
  fc.constant(utf8("and another one of them é\r\n")),
  fc
    .constantFrom([0xed, 0xa0, 0x80], [0xed, 0xb0], [0xff], [0xf0, 0x9f, 0x98], [0xc3], [0xe2, 0x82])
    .map((bytes) => Uint8Array.from(bytes)),
  fc.uint8Array({ maxLength: 4 }),
);
const anyChunks = fc.array(
  fc.array(piece, { maxLength: 30 }).map((parts) => Uint8Array.from(parts.flatMap((part) => [...part]))),
  { maxLength: 8 },
);

describe("TextLines gives the lines that each would be by itself", () => {
  test("of any bytes in any chunks", () => {
    fc.assert(
      fc.property(anyChunks, (chunks) => {
        expect(together(chunks)).toEqual(alone(chunks));
      }),
      { numRuns: 500 },
    );
  });

  test("with lines that come again, and lines that are cut", () => {
    fc.assert(
      fc.property(anyChunks, (chunks) => {
        const all = [MANY, ...chunks, MANY.subarray(0, 3000), ...chunks];
        expect(together(all, 40)).toEqual(alone(all, 40));
      }),
      { numRuns: 40 },
    );
  });

  test("wherever the bytes are cut", () => {
    const bytes = utf8("\ufeffspark  streaming\r\nhello 😀 wörld\r\r\n\n__proto__\r12345\nlast é");
    for (let at = 0; at <= bytes.length; at++) {
      const chunks = [bytes.subarray(0, at), bytes.subarray(at)];
      expect(together(chunks)).toEqual(alone([bytes]));
    }
  });

  test("of more lines than are decoded together", () => {
    const chunk = utf8(
      Array.from({ length: 500 }, (_, i) => `${"x".repeat(i % 90)}${i % 50 === 0 ? "é" : ""}`).join("\n"),
    );
    expect(together([chunk, utf8("\n".repeat(300))])).toEqual(alone([chunk, utf8("\n".repeat(300))]));
  });
});

describe("a line that comes again", () => {
  test("is another when one byte of it is", () => {
    const line = (i: number): string => `${"same same same same".slice(0, 5 + (i % 14))}${i % 7}`;
    const chunk = utf8(Array.from({ length: 9000 }, (_, i) => line(i)).join("\n"));
    expect(together([chunk])).toEqual(Array.from({ length: 9000 }, (_, i) => line(i)));
  });
});
