/** The whole service but for the network: requests in, responses out, time by hand. @module */

import { Answers, createFront } from "../../src/front/mod.ts";
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
  stream: (_exchange, headers, open) => webStreamResponse(headers, open),
  upgrade: () => new Response(null),
  listen: () => Promise.reject(new Error("nothing listens here")),
};

/** The whole service as one function. */
interface App {
  /** Answers a request for a path of `http://localhost`. */
  request(path: string, init?: RequestInit): Promise<Response>;
}

/** An app with its sessions; the limits given replace the defaults. */
export function appByHand(given: Partial<Limits> = {}): SessionsByHand & { app: App; faults: string[] } {
  const byHand = sessionsByHand(given);
  const faults: string[] = [];
  const answers = new Answers();
  const log: Log = (level, message, fields) => {
    if (level === "error") faults.push(`${message}: ${String(fields?.["trace"])}`);
  };
  const rooms = createApp({ ...byHand, runtime: webRuntime, answers, log }).fetch;
  const front = createFront({
    loopback: true,
    token: null,
    digest: hashing.digest,
    rooms: () => rooms,
    asset: () => Promise.resolve(undefined),
    about: () => Promise.resolve({}),
    readiness: async () => readinessOf(byHand.sessions, await usageOfProcess()),
    answers,
    clock: byHand.clock,
    log,
  });
  const app: App = { request: async (path, init) => front(new Request(`http://localhost${path}`, init), {}) };
  return { ...byHand, app, faults };
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
