/** Somebody's TCP server as a session's source: Spark's `socketTextStream`. @module */

import type { Clock } from "../clock.ts";
import type { ByteSink } from "../engine/mod.ts";
import { SluiceError } from "../errors.ts";
import type { SocketSpec, Source, SourceStatus } from "../sessions/mod.ts";
import { SocketReader } from "./socket.ts";

/** This machine, as literals; a name is never looked up, so it can lead nowhere else. */
const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::1)$/;

/** Reads one address. */
export class SocketSource implements Source {
  readonly #spec: SocketSpec;
  readonly #reader: SocketReader;
  #changed: () => void = () => {};

  constructor(spec: SocketSpec, clock: Clock) {
    const host = spec.host === "localhost" ? "127.0.0.1" : spec.host;
    if (!LOOPBACK.test(host)) {
      const message = `Cannot read from ${spec.host}: only this machine (localhost, 127.0.0.1, ::1) may be read from`;
      throw new SluiceError("source_forbidden", message, {
        fields: [{ pointer: "/source/host", detail: "must be localhost, 127.0.0.1 or ::1" }],
      });
    }
    this.#spec = spec;
    this.#reader = new SocketReader({ clock, host, port: spec.port, onChange: () => this.#changed() });
  }

  get status(): SourceStatus {
    const { host, port } = this.#spec;
    const { connected, lastError, backpressure } = this.#reader;
    return { type: "socket", host, port, connected, finished: false, lastError, backpressure };
  }

  watch(changed: () => void): void {
    this.#changed = changed;
  }

  start(sink: ByteSink): Promise<void> {
    return this.#reader.start(sink);
  }

  stop(): Promise<void> {
    return this.#reader.stop();
  }
}
