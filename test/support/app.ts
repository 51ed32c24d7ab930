/** The whole service but for the network: requests in, responses out, time by hand. @module */

import type { Rules } from "../../src/front/guard.ts";
import { Answers, createFront, Guard, Tickets } from "../../src/front/mod.ts";
import { createApp, readinessOf } from "../../src/http/mod.ts";
import type { Log } from "../../src/log.ts";
import type { Runtime } from "../../src/runtime.ts";
import { usageOfProcess } from "../../src/runtimes/usage.ts";
import { webStreamResponse } from "../../src/runtimes/web_stream.ts";
import type { Limits } from "../../src/sessions/mod.ts";
import { hashing, sessionsByHand, type SessionsByHand } from "./sessions.ts";

/** A runtime of web standards alone. */
const webRuntime: Runtime = {
  name: "web standards",
  ...hashing,
  usage: usageOfProcess,
  readFile: () => Promise.reject(new Error("there are no files here")),
  peer: ({ native }) => (native as { peer?: string }).peer,
  stream: (_exchange, headers, open) => webStreamResponse(headers, open),
  upgrade: () => new Response(null),
  listen: () => Promise.reject(new Error("nothing listens here")),
};

/** Bound to this machine, where nobody is asked for a token. */
export const RULES: Rules = { host: "127.0.0.1", loopback: true, allowed: [], tokens: null };

/** The whole service as one function. */
interface App {
  /** Answers a request for a path of `http://localhost`; by default it comes over no network. */
  request(path: string, init?: RequestInit, peer?: string): Promise<Response>;
}

/** An app with its sessions, which may be there before; the limits and rules given replace the defaults. */
export function appByHand(
  given: Partial<Limits> = {},
  rules: Partial<Rules> = {},
  byHand: SessionsByHand = sessionsByHand(given),
): SessionsByHand & { app: App; guard: Guard; faults: string[] } {
  const faults: string[] = [];
  const answers = new Answers();
  const log: Log = (level, message, fields) => {
    if (level === "error") faults.push(`${message}: ${String(fields?.["trace"])}`);
  };
  const tickets = new Tickets(byHand.clock);
  const guard = new Guard(hashing.digest, tickets);
  guard.use({ ...RULES, ...rules });
  const rooms = createApp({ ...byHand, runtime: webRuntime, tickets, answers, log }).fetch;
  const front = createFront({
    guard,
    rooms: () => rooms,
    asset: () => Promise.resolve(undefined),
    about: () => Promise.resolve({}),
    readiness: async () => readinessOf(byHand.sessions, await usageOfProcess()),
    answers,
    clock: byHand.clock,
    log,
  });
  const app: App = {
    request: async (path, init, peer) => front(new Request(`http://localhost${path}`, init), { peer }),
  };
  return { ...byHand, app, guard, faults };
}

/** Reads a stream piece by piece; what it says until `until` is in it. */
export class StreamReader {
  text = "";
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;

  constructor(response: Response) {
    this.#reader = response.body!.getReader();
  }

  /** Resolves with all that was read since the last call, when `until` is in it or the stream has ended. */
  async read(until: string): Promise<string> {
    while (!this.text.includes(until)) {
      const { done, value } = await this.#reader.read();
      if (done) break;
      this.text += new TextDecoder().decode(value);
    }
    const read = this.text;
    this.text = "";
    return read;
  }

  cancel(): Promise<void> {
    return this.#reader.cancel();
  }
}
