/** `sluice emit`: the random-line server alone. @module */

import { basename, dirname } from "node:path";
import { systemClock } from "../clock.ts";
import { DEFAULT_HOST, parsePort } from "../config/mod.ts";
import { DEFAULT_MESSAGES, Emitter, readMessages, type EmitterEvent, type EmitterOptions } from "../sources/mod.ts";
import { safeText } from "../safe_text.ts";
import { emitLoad, rateOf } from "./load.ts";
import type { Command, Given } from "./options.ts";
import { endWhenNobodyReads, note, print, stopSignal } from "./terminal.ts";

/** The port of the seed. */
const LAB_PORT = "9999";
const DAY_S = 86_400;
/** Fifty million lines a second for half a year. */
const MOST_LINES = 1e15;

/** Options that make an emitter, wherever one is made. */
export const EMITTER_OPTIONS: Command["options"] = {
  port: { type: "string", value: "PORT", help: `port, 0 for any free one (default ${LAB_PORT})` },
  file: {
    type: "string",
    value: "FILE",
    help: `messages, one a line (default ${DEFAULT_MESSAGES}, made when it is not there)`,
  },
  every: { type: "string", value: "SECONDS", help: "between two lines (default 2)" },
  seed: { type: "string", value: "N", help: "the same seed gives the same lines" },
};

export const emit: Command = {
  usage: "emit [options]",
  summary: "Says random lines of a file to everyone who connects, such as nc localhost 9999 or a Spark.",
  options: {
    ...EMITTER_OPTIONS,
    rate: {
      type: "string",
      value: "N|max",
      help: "lines a second in place of --every, many with one write; max: as fast as they are read",
    },
    host: { type: "string", value: "HOST", help: `address to listen on (default ${DEFAULT_HOST}, this machine only)` },
    "max-lines": { type: "string", value: "N", help: "end after N lines (default never)" },
  },
  async run(given) {
    endWhenNobodyReads();
    const stopped = stopSignal();
    if (given.text("rate") !== undefined) {
      await emitLoad(rateOf(given), await emitterOptions(given), stopped);
      return 0;
    }
    const emitter = await openEmitter(given, (event) => {
      if ("sent" in event) print(`[emitter] sent -> ${safeText(event.sent)}\n`);
      else print(`[emitter] clients: ${event.clients}\n`);
    });
    print(`[emitter] listening on ${given.text("host") ?? DEFAULT_HOST}:${emitter.port}, seed ${emitter.seed}\n`);
    await Promise.race([stopped, emitter.ended]);
    await emitter.close();
    note(`[emitter] stopped: sent ${emitter.sent.lines} lines, ${emitter.sent.bytes} bytes`);
    return 0;
  },
};

/** An emitter as the options say, listening. */
export async function openEmitter(given: Given, onEvent: (event: EmitterEvent) => void): Promise<Emitter> {
  const intervalMs = given.number("every", { least: 0.001, most: DAY_S, otherwise: 2 }) * 1000;
  const emitter = new Emitter({ ...(await emitterOptions(given)), intervalMs, onEvent });
  await emitter.listen();
  return emitter;
}

async function emitterOptions(given: Given): Promise<Omit<EmitterOptions, "intervalMs">> {
  const file = given.text("file") ?? DEFAULT_MESSAGES;
  const seed = given.number("seed", { least: 0, most: 2 ** 32 - 1, otherwise: -1, whole: true });
  return {
    clock: systemClock,
    messages: await readMessages(dirname(file), basename(file)),
    host: given.text("host") ?? DEFAULT_HOST,
    port: parsePort(given.text("port") ?? LAB_PORT, "--port"),
    seed: seed === -1 ? undefined : seed,
    maxLines: given.number("max-lines", { least: 1, most: MOST_LINES, otherwise: Infinity, whole: true }),
  };
}
