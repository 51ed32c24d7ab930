/** Random WebSocket frames, right and wrong: by a grammar, then by mutation of their bytes. @module */

import type { Chance } from "./chance.ts";
import { BINARY, CLOSE, closing, CONTINUATION, frame, PING, PONG, TEXT } from "./frames.ts";
import type { Subject } from "./http_requests.ts";

/** What a client says over one WebSocket. */
export interface Says {
  readonly path: string;
  /** Frames that are right. */
  readonly right: readonly Buffer[];
  /** What the pings among them say. */
  readonly pings: readonly Buffer[];
  /** What is wrong, or the last; empty for nothing. */
  readonly odd: Buffer;
  readonly oddFrames: number;
  /** Codes of the close that answers it; none where it may also be taken. */
  readonly codes: readonly number[];
}

/** A frame's end that is wrong, and the codes that may answer it. */
type Odd = readonly [bytes: Buffer, codes: readonly number[], frames?: number];

const ODD_UTF8 = [[0x80], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xff], [0xe8, 0xaa]];
const ODD_MESSAGES = [
  "",
  "null",
  "[]",
  "{",
  "\0",
  '{"type":"x"}',
  '{"__proto__":1}',
  '{"type":"resume","after":1}',
  "1e999",
];
const LARGE = 64 * 1024;
/** More at once, before their pongs are sent, and Node's WebSocket takes them for a flood. */
const MOST_PINGS = 50;

/** What one client says. */
export function saysOf(chance: Chance, subject: Subject): Says {
  const isOfOne = chance.percent(50);
  const path = isOfOne ? `/sessions/${subject.session}/ws` : "/ws";
  const right: Buffer[] = [];
  const pings: Buffer[] = [];
  const ping = (): Buffer => {
    const payload = chance.bytes(chance.length(126) - 1);
    pings.push(payload);
    return frame(PING, payload, { mask: chance.bytes(4) });
  };
  const control = (): Buffer =>
    chance.percent(60) && pings.length < MOST_PINGS ? ping() : frame(PONG, chance.bytes(chance.length(126) - 1));
  for (let left = chance.length(200); left > 0; left--) {
    if (chance.percent(70)) right.push(control());
    else right.push(...fragments(chance, isOfOne ? resume(subject) : subscribe(chance), control));
  }
  const [odd, codes, oddFrames = 1] = chance.percent(15) ? nothing : oddEnd(chance);
  return { path, right, pings, odd, codes, oddFrames };
}

const nothing: Odd = [Buffer.alloc(0), [], 0];

function resume({ epoch }: Subject): Buffer {
  return Buffer.from(JSON.stringify({ type: "resume", after: `${epoch}:0` }));
}

function subscribe(chance: Chance): Buffer {
  const session = chance.pick(["", "x", "é語🙂", "\0\u2028", "__proto__", "x".repeat(chance.length(2000))]);
  return Buffer.from(JSON.stringify({ type: chance.pick(["subscribe", "unsubscribe"]), session }));
}

/** A message whole, or in fragments with control frames between them. */
function fragments(chance: Chance, message: Buffer, control: () => Buffer): Buffer[] {
  if (chance.percent(50)) return [frame(TEXT, message, { mask: chance.bytes(4) })];
  const pieces = chance.pieces(message, 8);
  return pieces.flatMap((piece, i) => {
    const fragment = frame(i === 0 ? TEXT : CONTINUATION, piece, { fin: i === pieces.length - 1 });
    return chance.percent(20) && i < pieces.length - 1 ? [fragment, control()] : [fragment];
  });
}

function oddEnd(chance: Chance): Odd {
  const payload = chance.bytes(chance.length(200));
  const kinds: readonly (() => Odd)[] = [
    () => [frame(chance.pick([3, 4, 5, 6, 7, 11, 12, 13, 14, 15]), payload), [1002]],
    () => [frame(TEXT, payload, { rsv: 1 + chance.below(7) }), [1002]],
    () => [frame(PING, chance.bytes(126 + chance.length(1000))), [1002]],
    () => [frame(PING, "x", { fin: false }), [1002]],
    () => [frame(CONTINUATION, payload, { fin: chance.percent(50) }), [1002]],
    () => [Buffer.concat([frame(TEXT, "a", { fin: false }), frame(TEXT, "b")]), [1002], 2],
    () => [frame(TEXT, Buffer.from(chance.pick(ODD_UTF8))), [1007]],
    () => [frame(TEXT, chance.pick(ODD_MESSAGES)), [1008]],
    () => [frame(BINARY, payload), [1008]],
    () => [frame(TEXT, Buffer.alloc(LARGE + 1 + chance.length(LARGE), "x")), [1009]],
    () => [frame(TEXT, payload, { length: BigInt(LARGE) + 1n + BigInt(chance.length(2 ** 50)) }), [1009]],
    () => oversizeFragments(chance),
    () => emptyFragments(chance),
    () => [frame(CLOSE, closing(1000 + chance.below(4), "bye")), [1000, 1001, 1002, 1003]],
    () => [frame(CLOSE, closing(chance.pick([0, 999, 1004, 1005, 1006, 1015, 2999, 5000]))), [1002]],
    () => [frame(CLOSE, "x"), [1002]],
    () => [frame(TEXT, payload).subarray(0, 1 + chance.below(6)), []],
    () => [chance.mutated(frame(chance.pick([TEXT, BINARY, PING, CLOSE, CONTINUATION]), payload)), []],
    () => [chance.bytes(1 + chance.length(500)), []],
  ];
  return chance.pick(kinds)();
}

function oversizeFragments(chance: Chance): Odd {
  const size = 1000 + chance.below(30_000);
  const count = Math.ceil(LARGE / size) + 1;
  const all = Array.from({ length: count }, (_, i) =>
    frame(i === 0 ? TEXT : CONTINUATION, Buffer.alloc(size, "x"), { fin: false }),
  );
  return [Buffer.concat(all), [1009], count];
}

/** Fragments without a byte, of a message that has no end: they are to be counted, not kept. */
function emptyFragments(chance: Chance): Odd {
  const count = 1 + chance.length(3000);
  const all = Array.from({ length: count }, (_, i) => frame(i === 0 ? TEXT : CONTINUATION, "", { fin: false }));
  return [Buffer.concat(all), [], count];
}
