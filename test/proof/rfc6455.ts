/** What RFC 6455 asks of a server, case by case, and where a runtime's own WebSocket does otherwise. @module */

import { BINARY, CLOSE, closing, CONTINUATION, frame, PING, PONG, TEXT, type Odd } from "./frames.ts";
import { handshakeOf, KEY } from "./raw_websocket.ts";

/** One case: what a client says once it is connected, and what it is to be told. */
export type Vector = readonly [name: string, says: readonly Buffer[], told: string];

/** The service says of a session that there is none, with its id as it was: a message that comes back. */
const asking = (session: string): Buffer => Buffer.from(JSON.stringify({ type: "subscribe", session }));
const ask = (session: string, odd: Odd = {}): Buffer => frame(TEXT, asking(session), odd);
/** A message of so many bytes. */
const ofLength = (length: number): Buffer => asking("x".repeat(length - asking("").length));
const first = (payload: string | Buffer, odd: Odd = {}): Buffer => frame(TEXT, payload, { fin: false, ...odd });
const more = (payload: string | Buffer, odd: Odd = {}): Buffer => frame(CONTINUATION, payload, { fin: false, ...odd });
const last = (payload: string | Buffer): Buffer => frame(CONTINUATION, payload);
const close = (...payload: Parameters<typeof closing>): Buffer => frame(CLOSE, closing(...payload));
const halves = (payload: Buffer, at: number): [Buffer, Buffer] => [payload.subarray(0, at), payload.subarray(at)];
const texts = (...payloads: Buffer[]): Buffer[] => [
  ...payloads.slice(0, -1).map((payload, i) => (i === 0 ? first(payload) : more(payload))),
  last(payloads.at(-1)!),
];
/** JSON with such bytes in it. */
const withBytes = (...bytes: number[]): Buffer => {
  const [before = "", after = ""] = asking("\0").toString().split("\\u0000");
  return Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
};

const [lead, rest] = halves(asking("abc"), 9);
const cut = asking("é語🙂");
const emoji = cut.indexOf("🙂");

/** Frames: sections 5 and 8. */
const FRAMES: readonly Vector[] = [
  ["a text", [ask("abc")], "abc"],
  ["a mask of zeros", [ask("abc", { mask: Buffer.alloc(4) })], "abc"],
  ["a mask of ones", [ask("abc", { mask: Buffer.alloc(4, 255) })], "abc"],
  ["two texts in one write", [Buffer.concat([ask("a"), ask("b")])], "a, b"],
  ["a text byte by byte", [...ask("abc")].map((byte) => Buffer.of(byte)), "abc"],
  ["a text that is not masked", [ask("abc", { mask: null })], "close 1002"],
  ["a ping that is not masked", [frame(PING, "", { mask: null })], "close 1002"],
  ["a close that is not masked", [frame(CLOSE, closing(1000), { mask: null })], "close 1002"],
  ["RSV1 without an extension", [ask("abc", { rsv: 4 })], "close 1002"],
  ["RSV2", [ask("abc", { rsv: 2 })], "close 1002"],
  ["RSV3", [ask("abc", { rsv: 1 })], "close 1002"],
  ["RSV1 at a continuation", [first(lead), frame(CONTINUATION, rest, { rsv: 4 })], "close 1002"],
  ["RSV1 at a ping", [frame(PING, "", { rsv: 4 })], "close 1002"],
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode): Vector => [
    `the opcode ${opcode}, which there is not`,
    [frame(opcode, "abc")],
    "close 1002",
  ]),
  ["a binary message, which this protocol has none of", [frame(BINARY, "abc")], "error, close 1008"],
  ["a text that is not of this protocol", [frame(TEXT, "abc")], "error, close 1008"],
  ["an empty text", [frame(TEXT)], "error, close 1008"],
  ["a length of 2 bytes where 1 would do", [ask("abc", { lengthBytes: 3 })], "abc"],
  ["a length of 8 bytes where 1 would do", [ask("abc", { lengthBytes: 9 })], "abc"],
  ["a length whose highest bit is set", [ask("abc", { lengthBytes: 9, length: 1n << 63n })], "close 1009"],
  ["a text of 125 bytes", [frame(TEXT, ofLength(125))], "x * 92"],
  ["a text of 126 bytes", [frame(TEXT, ofLength(126))], "x * 93"],
  ["a text of 127 bytes", [frame(TEXT, ofLength(127))], "x * 94"],
  ["a text of 65 535 bytes", [frame(TEXT, ofLength(65_535))], "x * 65502"],
  ["a text of 65 536 bytes, the most there may be", [frame(TEXT, ofLength(65_536))], "x * 65503"],
  ["a text of 65 537 bytes", [frame(TEXT, ofLength(65_537))], "close 1009"],
  ["fragments of 65 537 bytes", texts(...halves(ofLength(65_537), 40_000)), "close 1009"],
  ["a text that is to have 1 TiB", [ask("abc", { length: 1n << 40n })], "close 1009"],
];

/** Fragments: section 5.4. */
const FRAGMENTS: readonly Vector[] = [
  ["a text in two fragments", texts(lead, rest), "abc"],
  ["a text in fragments of a byte", texts(...[...asking("abc")].map((byte) => Buffer.of(byte))), "abc"],
  [
    "empty fragments before, between and after",
    texts(Buffer.alloc(0), lead, Buffer.alloc(0), rest, Buffer.alloc(0)),
    "abc",
  ],
  ["a text that ends with an empty fragment", texts(asking("abc"), Buffer.alloc(0)), "abc"],
  ["a ping between fragments", [first(lead), frame(PING, "p"), last(rest)], "pong p, abc"],
  ["a pong between fragments", [first(lead), frame(PONG, "p"), last(rest)], "abc"],
  ["a close between fragments", [first(lead), close(1000), last(rest)], "close 1000"],
  ["fragments that are cut in a character", texts(...halves(cut, emoji + 2)), "é語🙂"],
  ["a continuation of nothing", [last("abc")], "close 1002"],
  ["a continuation of nothing that goes on", [more("abc")], "close 1002"],
  ["a continuation after the end", [...texts(lead, rest), last("abc")], "abc, close 1002"],
  ["a text within a text", [first(lead), ask("abc")], "close 1002"],
  ["a binary message within a text", [first(lead), frame(BINARY, "abc")], "close 1002"],
  ["a ping in fragments", [frame(PING, "a", { fin: false }), last("b")], "close 1002"],
  ["a close in fragments", [frame(CLOSE, closing(1000), { fin: false }), last("")], "close 1002"],
];

/** Control frames: section 5.5. */
const CONTROL: readonly Vector[] = [
  ["a ping", [frame(PING)], "pong "],
  ["a ping with a payload", [frame(PING, "abc")], "pong abc"],
  ["a ping of 125 bytes", [frame(PING, "x".repeat(125))], "pong x * 125"],
  ["a ping of bytes that are no text", [frame(PING, Buffer.of(0, 255, 254))], "pong 00fffe"],
  ["three pings", [frame(PING, "a"), frame(PING, "b"), frame(PING, "c")], "pong a, pong b, pong c"],
  ["a ping of 126 bytes", [frame(PING, "x".repeat(126))], "close 1002"],
  ["a pong that was not asked for", [frame(PONG, "abc")], ""],
  ["a pong of 126 bytes", [frame(PONG, "x".repeat(126))], "close 1002"],
  ["a close without a code", [frame(CLOSE)], "close"],
  ["a close of one byte", [frame(CLOSE, "x")], "close 1002"],
  ["a close with a reason", [close(1000, "bye – 語")], "close 1000"],
  ["a close with a reason of 123 bytes", [close(1000, "x".repeat(123))], "close 1000"],
  ["a close with a reason of 124 bytes", [close(1000, "x".repeat(124))], "close 1002"],
  ["a close whose reason is not UTF-8", [close(1000, Buffer.of(0xc3, 0x28))], "close 1007"],
  ["a text after the close", [close(1000), ask("abc")], "close 1000"],
  ["two closes", [close(1000), close(1001)], "close 1000"],
  ...[1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999].map(
    (code): Vector => [`a close with ${code}`, [close(code)], `close ${code}`],
  ),
  ...[0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map((code): Vector => [
    `a close with ${code}, which none may have`,
    [close(code)],
    "close 1002",
  ]),
];

/** UTF-8: section 8.1. */
const UTF8: readonly Vector[] = [
  ["text of all lengths of UTF-8", [ask("aé語🙂\u{10ffff}")], "aé語🙂\u{10ffff}"],
  ["NUL, U+FFFE and U+FFFF", [ask("\0\ufffe\uffff")], "\0\ufffe\uffff"],
  ...(
    [
      ["a continuation byte alone", [0x80]],
      ["a character that is not whole", [0xe8, 0xaa]],
      ["an overlong form", [0xc0, 0xaf]],
      ["a surrogate", [0xed, 0xa0, 0x80]],
      ["a character above U+10FFFF", [0xf4, 0x90, 0x80, 0x80]],
      ["a byte that there is not", [0xff]],
    ] as const
  ).map(([name, bytes]): Vector => [`${name} in a text`, [frame(TEXT, withBytes(...bytes))], "close 1007"]),
  [
    "a surrogate that is cut by fragments",
    texts(...halves(withBytes(0xed, 0xa0, 0x80), withBytes().indexOf('""') + 2)),
    "close 1007",
  ],
];

/** All of them. */
export const VECTORS: readonly Vector[] = [...FRAMES, ...FRAGMENTS, ...CONTROL, ...UTF8];

const shake = (changed: Readonly<Record<string, string | undefined>>): string => handshakeOf("/ws", changed);

/** Handshakes (section 4): what is asked, and the status of the answer with what was chosen. */
export const HANDSHAKES: readonly (readonly [name: string, request: string, told: string])[] = [
  ["as it is to be", shake({}), "101"],
  ["Upgrade in other letters", shake({ Upgrade: "WebSocket" }), "101"],
  ["Connection with other things", shake({ Connection: "keep-alive, UPGRADE" }), "101"],
  ["an extension that there is not", shake({ "Sec-WebSocket-Extensions": "foo; bar=1" }), "101"],
  ["permessage-deflate, which is not taken", shake({ "Sec-WebSocket-Extensions": "permessage-deflate" }), "101"],
  ["the protocol", shake({ "Sec-WebSocket-Protocol": "sluice.v1.json" }), "101 sluice.v1.json"],
  ["the protocol among others", shake({ "Sec-WebSocket-Protocol": "a, sluice.v1.json, b" }), "101 sluice.v1.json"],
  [
    "the protocol in a second header",
    shake({ "Sec-WebSocket-Protocol": "a\r\nSec-WebSocket-Protocol: sluice.v1.json" }),
    "101 sluice.v1.json",
  ],
  ["other protocols alone", shake({ "Sec-WebSocket-Protocol": "a, b" }), "400"],
  ["a page of its own", shake({ Origin: "http://localhost" }), "101"],
  ["a page of another", shake({ Origin: "http://evil.example" }), "403"],
  ["a host of another", shake({ Host: "evil.example" }), "421"],
  ["no host", shake({ Host: undefined }), "400 or 421"],
  ["no Upgrade", shake({ Upgrade: undefined, Connection: undefined }), "426"],
  ["no Connection", shake({ Connection: undefined }), "426"],
  ["no key", shake({ "Sec-WebSocket-Key": undefined }), "400"],
  ["a key of 15 bytes", shake({ "Sec-WebSocket-Key": Buffer.alloc(15).toString("base64") }), "400"],
  ["a key of 17 bytes", shake({ "Sec-WebSocket-Key": Buffer.alloc(17).toString("base64") }), "400"],
  ["a key that is not base64", shake({ "Sec-WebSocket-Key": KEY.replace("d", "!") }), "400"],
  ["two keys", shake({ "Sec-WebSocket-Key": `${KEY}\r\nSec-WebSocket-Key: ${KEY}` }), "400"],
  ["no version", shake({ "Sec-WebSocket-Version": undefined }), "426 version 13"],
  ["version 8", shake({ "Sec-WebSocket-Version": "8" }), "426 version 13"],
  ["POST", shake({}).replace("GET", "POST"), "405"],
  ["HTTP/1.0", shake({}).replace("1.1", "1.0"), "400"],
];

/** What a runtime's own WebSocket, which cannot be told otherwise, does instead: what is told, by what is to be told or by the case. */
export const DEVIATIONS: Readonly<Record<string, readonly Deviation[]>> = {
  node: [],
  bun: [
    {
      why: "a handler of Bun's is not told which version of HTTP a request has",
      instead: { "HTTP/1.0": "101" },
    },
  ],
  deno: [
    {
      why: "Deno cuts the connection where a frame or its text is wrong, and says no code",
      instead: {
        ...{ "close 1002": "cut", "close 1007": "cut", "abc, close 1002": "abc, cut" },
        // What comes back is the client's own.
        ...{ "a close with 1002": "close 1002", "a close with 1007": "close 1007" },
      },
    },
    {
      why: "Deno takes frames that are not masked",
      instead: {
        "a text that is not masked": "abc",
        "a ping that is not masked": "pong ",
        "a close that is not masked": "close 1000",
      },
    },
    {
      why: "Deno takes a pong or a close that is longer than a control frame may be",
      instead: { "a pong of 126 bytes": "", "a close with a reason of 124 bytes": "close 1000" },
    },
    {
      why: "Deno answers a close with a code that none may have by a close with 1002 of its own, and one with 1014, which is newer than the RFC, too",
      instead: {
        "a close with 1014": "close 1002",
        ...closed(0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535),
      },
    },
    {
      why: "Deno takes messages of up to 64 MiB; what is longer than ours is refused when it is whole, what is to be longer than Deno's is cut",
      instead: { "a length whose highest bit is set": "cut", "a text that is to have 1 TiB": "cut" },
    },
    { why: "Deno's HTTP/1.0 has no WebSockets", instead: { "HTTP/1.0": "cut" } },
  ],
};

/** One way in which a runtime does otherwise. */
export interface Deviation {
  readonly why: string;
  /** What is told instead, by the name of a case, or else by what it is to be told. */
  readonly instead: Readonly<Record<string, string>>;
}

function closed(...codes: number[]): Record<string, string> {
  return Object.fromEntries(codes.map((code) => [`a close with ${code}, which none may have`, "close 1002"]));
}
