/** The whole service but for the network: requests in, responses out, time by hand. @module */

import type { Hono } from "hono";
import { createApp } from "../../src/http/mod.ts";
import type { Runtime } from "../../src/runtime.ts";
import { webStreamResponse } from "../../src/runtimes/web_stream.ts";
import type { Limits } from "../../src/sessions/mod.ts";
import { hashing, sessionsByHand, type SessionsByHand } from "./sessions.ts";

/** A runtime of web standards alone. */
const webRuntime: Runtime = {
  name: "web standards",
  ...hashing,
  stream: (_exchange, headers, open) => webStreamResponse(headers, open),
  upgrade: () => new Response(null),
  listen: () => Promise.reject(new Error("nothing listens here")),
};

/** An app with its sessions; the limits given replace the defaults. */
export function appByHand(given: Partial<Limits> = {}): SessionsByHand & { app: Hono; faults: string[] } {
  const byHand = sessionsByHand(given);
  const faults: string[] = [];
  const app = createApp({
    ...byHand,
    runtime: webRuntime,
    version: "0.0.0",
    assets: new Map(),
    loopback: true,
    token: null,
    onFault: (message) => faults.push(message),
  });
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
