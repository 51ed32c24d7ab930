import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EventParser, type ServerEvent } from "../../src/client/sse.js";
import { utf8 } from "../support/bytes.ts";

const parse = (...parts: readonly (string | Uint8Array)[]): ServerEvent[] => {
  const parser = new EventParser();
  return parts.flatMap((part) => parser.push(typeof part === "string" ? utf8(part) : part));
};
const data = (...texts: readonly string[]): object[] => texts.map((text) => ({ id: "", type: "message", data: text }));

describe("EventParser", () => {
  // The examples of WHATWG HTML 9.2.6, and what its rules say of the rest.
  test.each([
    ["two events", "data: YHOO\ndata: +2\ndata: 10\n\ndata: x\n\n", data("YHOO\n+2\n10", "x")],
    ["empty data", "data\n\ndata\ndata\n\ndata:", data("", "\n")],
    ["one space only after the colon", "data:test\n\ndata: test\n\ndata:  test\n\n", data("test", "test", " test")],
    ["CR alone", "data: a\rdata: b\r\rdata: c\r\r", data("a\nb", "c")],
    ["CRLF", "data: a\r\n\r\ndata: b\r\n\r\n", data("a", "b")],
    ["all line ends mixed", "data: a\r\ndata: b\ndata: c\r\rdata: d\n\r\n", data("a\nb\nc", "d")],
    ["a byte order mark, once", "\uFEFFdata: a\n\n\uFEFFdata: b\n\n", data("a")],
    ["comments and unknown fields", ": hello\nfoo: bar\ndata: a\n: again\n:\n\n", data("a")],
    ["a field without a colon, and one with a space", "data\n\n data: x\n\n", data("")],
    ["field names in another case", "Data: a\nDATA: b\n\n", []],
    ["an event that is not finished", "data: a\n\ndata: b\n", data("a")],
    ["an event without data", "event: x\nid: 7\n\ndata: a\n\n", [{ id: "7", type: "message", data: "a" }]],
    [
      "types, which do not stay, and ids, which do",
      "event: a\nid: 1\ndata: x\n\ndata: y\n\nid\ndata: z\n\n",
      [
        { id: "1", type: "a", data: "x" },
        { id: "1", type: "message", data: "y" },
        { id: "", type: "message", data: "z" },
      ],
    ],
    [
      "an id with NUL",
      "id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n",
      data("a", "b").map((each) => Object.assign(each, { id: "1" })),
    ],
    ["nothing", "", []],
  ])("reads %s", (_name, text, events) => {
    expect(parse(text)).toEqual(events);
  });

  test("takes a retry of digits alone", () => {
    const parser = new EventParser();
    const said = ["retry: 10\n", "retry: -1\n", "retry: 1.5\n", "retry: \n", "retry\n", "retry: ٣\n", "retry:  20\n"];
    expect(said.map((text) => (parser.push(utf8(text)), parser.retryMs))).toEqual(said.map(() => 10));
    parser.push(utf8("retry:020\n"));
    expect(parser.retryMs).toBe(20);
  });

  test("gives an event as soon as its empty line ends with CR, and takes the LF after it as part of that", () => {
    const parser = new EventParser();
    expect(parser.push(utf8("data: a\r\n\r"))).toEqual(data("a"));
    expect(parser.push(utf8("\n"))).toEqual([]);
    expect(parser.push(utf8("data: b\n\n"))).toEqual(data("b"));
  });

  test("refuses an event that is too long, in one line or in many", () => {
    const long = (text: string) => () => new EventParser(100).push(utf8(text));
    expect(long(`data: ${"x".repeat(101)}`)).toThrow(RangeError);
    expect(long("data: x\n".repeat(51))).toThrow("Cannot read an event of more than 100 characters");
    expect(long("data: x\n\n".repeat(1000))).not.toThrow();
    expect(long(`${": x".repeat(30)}\n`.repeat(100))).not.toThrow();
  });

  test("reads the same wherever the bytes are cut", () => {
    const piece = fc.constantFrom(
      ..."\r \n \r\n data event id retry : \0 é 😀 \uFEFF x 7".split(" "),
      "data: ",
      "id: ",
      "event:",
      "retry: 5",
      " ",
    );
    fc.assert(
      fc.property(fc.array(piece, { size: "large" }), fc.array(fc.nat()), (pieces, cuts) => {
        const bytes = utf8(pieces.join(""));
        const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
        const parts = places.slice(1).map((place, i) => bytes.subarray(places[i], place));
        expect(parse(...parts)).toEqual(parse(bytes));
      }),
      { numRuns: 300 },
    );
  });

  test("reads back what is written by the rules", () => {
    const line = fc.string({ unit: "grapheme" }).filter((text) => !/[\r\n\uFEFF]/.test(text));
    const event = fc.record({
      id: line.filter((text) => !text.includes("\0")),
      type: line,
      data: fc.array(line, { minLength: 1, maxLength: 3 }).map((lines) => lines.join("\n")),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 5 }), fc.constantFrom("\n", "\r", "\r\n"), (events, eol) => {
        const lines = events.flatMap((each) => [
          `id: ${each.id}`,
          `event: ${each.type}`,
          ...each.data.split("\n").map((text) => `data: ${text}`),
          "",
        ]);
        const text = lines.map((each) => each + eol).join("");
        expect(parse(text)).toEqual(events.map((each) => ({ ...each, type: each.type || "message" })));
      }),
      { numRuns: 100 },
    );
  });
});
