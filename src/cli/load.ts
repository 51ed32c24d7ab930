/** `sluice emit --rate`: the random-line server as a generator of load. @module */

import { every, systemClock } from "../clock.ts";
import { SluiceError } from "../errors.ts";
import { LoadEmitter } from "../sources/mod.ts";
import type { Given } from "./options.ts";
import { note, print } from "./terminal.ts";

/** Beyond what any machine sends: what is wanted then is `max`. */
const MOST_LINES = 1e9;
const REPORT_MS = 1000;

/** What an emitter needs whatever its pace. */
type Common = Omit<ConstructorParameters<typeof LoadEmitter>[0], "rate" | "onClients">;

/** Lines a second as `--rate` has it: Infinity for `max`. */
export function rateOf(given: Given): number {
  if (given.text("every") !== undefined) {
    throw new SluiceError("bad_option", "Cannot use --rate with --every: one of the two is wanted");
  }
  if (given.text("rate") === "max") return Infinity;
  return given.number("rate", { least: 0.001, most: MOST_LINES, otherwise: Infinity, or: "max" });
}

/** Says lines until stopped, or until all are said; tells on standard error every second how fast. */
export async function emitLoad(rate: number, common: Common, stopped: Promise<unknown>): Promise<void> {
  const emitter = new LoadEmitter({
    ...common,
    rate,
    onClients: (clients) => print(`[emitter] clients: ${clients}\n`),
  });
  await emitter.listen();
  print(`[emitter] listening on ${common.host}:${emitter.port}, seed ${emitter.seed}\n`);
  let before = { ...emitter.sent, at: systemClock.elapsed() };
  const cancel = every(systemClock, REPORT_MS, () => {
    const now = { ...emitter.sent, at: systemClock.elapsed() };
    const seconds = (now.at - before.at) / 1000;
    if (emitter.clients > 0 || now.lines > before.lines) {
      const perSecond = Math.round((now.lines - before.lines) / seconds);
      const megabytes = ((now.bytes - before.bytes) / seconds / 1e6).toFixed(1);
      note(`[emitter] ${perSecond} lines/s, ${megabytes} MB/s, ${now.lines} lines so far, clients: ${emitter.clients}`);
    }
    before = now;
  });
  await Promise.race([stopped, emitter.ended]);
  await emitter.close();
  cancel();
  note(`[emitter] stopped: sent ${emitter.sent.lines} lines, ${emitter.sent.bytes} bytes`);
}
