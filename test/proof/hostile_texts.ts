/** Words and streams that a reader of Server-Sent Events may stumble over. @module */

import type { Chance } from "./chance.ts";

const WORDS = [
  ..."\r,\n,\r\n,\u2028,\u2029,\u0085,\0,\uFEFF,:,::,data:,event:x,id:7,retry:1,\x1b[31m,\u202E,\u200B,\uFFFD,\uFFFF,é,語,🙂".split(
    ",",
  ),
  ...[
    "data: x",
    "\n\ndata: forged\n\n",
    "\r\rid: 9\r",
    "event: end\n",
    "</script>",
    "__proto__",
    '"',
    "\\",
    "\\u000a",
    "{}",
    "",
  ],
];
/** Names of events that readers listen for. */
export const NAMES: readonly string[] = ["message", "batch", "state", "error ", "é 語", "a:b", "__proto__"];

/** A word, at times a very long one. */
export function hostileWord(chance: Chance): string {
  if (chance.percent(0.2)) return chance.pick(WORDS).repeat(chance.length(200_000));
  let word = "";
  do word += chance.percent(80) ? chance.pick(WORDS) : String.fromCharCode(0xd800 + chance.below(0x2800));
  while (chance.percent(60));
  return word;
}

/** A line's bytes, which need not be UTF-8. */
export function hostileLine(chance: Chance): Buffer {
  const words: Buffer[] = Array.from({ length: 1 + chance.length(12) }, () => Buffer.from(`${hostileWord(chance)} `));
  if (chance.percent(20)) words.push(chance.bytes(1 + chance.length(20)));
  return Buffer.concat([...words, Buffer.from("\n")]);
}

/** A piece of an event stream that no server of ours would write, but any may. */
export function wildEvent(chance: Chance): string {
  const end = (): string => chance.pick(["\n", "\n", "\r", "\r\n"]);
  const value = (): string => hostileWord(chance).replaceAll(/[\r\n]/g, "");
  let text = "";
  do {
    const field = chance.pick([
      () => `data:${chance.pick(["", " ", "  "])}${value()}`,
      () => "data",
      () => `data: ${value()}`,
      () => `id:${chance.pick(["", " "])}${value()}`,
      () => "id",
      () => `event: ${chance.pick(NAMES)}`,
      () => `:${value()}`,
      () => `${value()}:${value()}`,
      () => `Data: x`,
      () => ` data: x`,
    ]);
    text += field() + end();
  } while (chance.percent(70));
  return text + (chance.percent(90) ? end() : "");
}
