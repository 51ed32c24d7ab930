/** A session's own emitter, read over real TCP. @module */

import { atMost, inNextTurn, type Clock } from "../clock.ts";
import type { ByteSink } from "../engine/mod.ts";
import type { AlreadyRead, EmitterSpec, Source, SourceStatus } from "../sessions/mod.ts";
import { outOfDescriptors } from "./descriptors.ts";
import { Emitter } from "./emitter.ts";
import { DEFAULT_MESSAGES } from "./messages.ts";
import type { PortRange } from "./port_range.ts";
import { SocketReader } from "./socket.ts";

/** Emitters of sessions speak to this machine alone. */
const HOST = "127.0.0.1";
/** How long a stop waits for what was sent to be read. */
const DRAIN_MS = 1000;
/** How long after the reader is connected the emitter may take to hear of it. */
const ACCEPT_WITHIN_MS = 1000;

/** What it is made of. */
interface EmitterSourceParts {
  readonly spec: EmitterSpec;
  readonly messages: readonly string[];
  readonly clock: Clock;
  readonly ports: PortRange;
  /** What was read of it by another process: it goes on after that. */
  readonly already: AlreadyRead;
}

/** An emitter and the reader of its port. A stop reads all that was sent, so a session's sums are its emitter's. */
export class EmitterSource implements Source {
  readonly #spec: EmitterSpec;
  readonly #clock: Clock;
  readonly #emitter: Emitter;
  #reader: SocketReader | undefined;
  #changed: () => void = () => {};
  #stopping = false;

  constructor({ spec, messages, clock, ports, already }: EmitterSourceParts) {
    const { intervalMs, port, seed, maxLines } = spec;
    this.#spec = spec;
    this.#clock = clock;
    this.#emitter = new Emitter({ clock, messages, host: HOST, port, ports, intervalMs, seed, maxLines, already });
  }

  get status(): SourceStatus {
    const { file, lines, intervalMs, maxLines } = this.#spec;
    const { port, seed, sent, clients, finished } = this.#emitter;
    return {
      type: "emitter",
      ...(lines === undefined ? { file: file ?? DEFAULT_MESSAGES } : { lines: lines.length }),
      intervalMs,
      host: HOST,
      port,
      seed,
      maxLines: maxLines ?? null,
      connected: this.#reader?.connected ?? false,
      finished: finished && this.#reader?.connected === false,
      lastError: this.#reader?.lastError ?? null,
      clients,
      sent: { ...sent },
    };
  }

  watch(changed: () => void): void {
    this.#changed = changed;
  }

  async start(sink: ByteSink): Promise<void> {
    await this.#emitter.listen();
    this.#reader = new SocketReader({
      clock: this.#clock,
      host: HOST,
      port: this.#emitter.port,
      onChange: () => this.#changed(),
      onEnd: () => this.#stopping || this.#emitter.finished,
    });
    await this.#reader.start(sink);
    await this.#mustBeHeard();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const closed = this.#emitter.close();
    if (this.#reader?.connected === true) await atMost(this.#clock, DRAIN_MS, this.#reader.over());
    await this.#reader?.stop();
    await closed;
  }

  /** A connection that the emitter has no descriptor for is closed by the system, and the emitter never hears of it. */
  async #mustBeHeard(): Promise<void> {
    const until = this.#clock.elapsed() + ACCEPT_WITHIN_MS;
    const isUnheard = (): boolean => this.#emitter.sent.lines === 0 && this.#emitter.clients === 0;
    while (this.#reader?.connected === true && isUnheard() && this.#clock.elapsed() < until) {
      await new Promise<void>(inNextTurn);
    }
    const wasConnected = this.#reader?.connected === true || this.#reader?.lastError !== null;
    if (wasConnected && isUnheard()) throw outOfDescriptors(`Cannot emit on ${HOST}:${this.#emitter.port}`);
  }
}
