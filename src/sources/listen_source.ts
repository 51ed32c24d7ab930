/** A session that listens: whoever connects writes lines. @module */

import { createServer, type Server, type Socket } from "node:net";
import type { Clock } from "../clock.ts";
import type { ByteSink } from "../engine/mod.ts";
import { SluiceError } from "../errors.ts";
import type { Limits, ListenSpec, Source, SourceStatus } from "../sessions/mod.ts";
import { Backpressure } from "./backpressure.ts";
import { bind } from "./bind.ts";
import { isOwnMachine, literalOf } from "./own_machine.ts";
import type { PortRange } from "./port_range.ts";
import { Producer } from "./producer.ts";
import { WholeLines } from "./whole_lines.ts";

/** What it is made with. */
interface ListenSourceParts {
  readonly clock: Clock;
  readonly ports: PortRange;
  /** Addresses, beside this machine's own, that may be listened on. */
  readonly allowListen: readonly string[];
  readonly limits: Pick<Limits, "maxLineLength" | "maxProducers" | "maxSourceIdleMs">;
}

/** Takes any number of producers, up to a limit, at once; each line is one producer's. */
export class ListenSource implements Source {
  /** Where lines go, until it is stopped. */
  sink: ByteSink | undefined;
  readonly #parts: ListenSourceParts;
  readonly #host: string;
  readonly #server: Server;
  readonly #backpressure: Backpressure;
  readonly #producers = new Set<Producer>();
  #port: number;
  #accepted = 0;
  #refused = 0;
  #release: () => void = () => {};

  /** Throws, with `source_forbidden`, where it may not listen. */
  constructor({ host, port }: ListenSpec, parts: ListenSourceParts) {
    this.#parts = parts;
    this.#host = literalOf(host);
    this.#port = port;
    mustBeAllowed(this.#host, parts.allowListen);
    this.#backpressure = new Backpressure(parts.clock.elapsed());
    this.#server = createServer((socket) => this.#welcome(socket));
  }

  get status(): SourceStatus {
    return {
      type: "listen",
      host: this.#host,
      port: this.#port,
      connected: this.sink !== undefined,
      finished: false,
      lastError: null,
      producers: this.#producers.size,
      accepted: this.#accepted,
      refused: this.#refused,
      backpressure: this.#backpressure.status(this.#parts.clock.elapsed()),
    };
  }

  /** It listens from its start to its stop: nothing changes in between. */
  watch(): void {}

  async start(sink: ByteSink): Promise<void> {
    const { port, release } = await bind(this.#server, {
      host: this.#host,
      port: this.#port,
      ports: this.#parts.ports,
    });
    this.sink = sink;
    this.#port = port;
    this.#release = release;
    sink.started();
  }

  async stop(): Promise<void> {
    this.sink = undefined;
    for (const producer of this.#producers) producer.stop();
    if (!this.#server.listening) return;
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    this.#release();
  }

  #welcome(socket: Socket): void {
    const { clock, limits } = this.#parts;
    const { sink } = this;
    if (sink === undefined || this.#producers.size >= limits.maxProducers) {
      this.#refused++;
      socket.on("error", () => {});
      socket.destroy();
      return;
    }
    this.#accepted++;
    const producer = new Producer(socket, {
      clock,
      reader: this,
      backpressure: this.#backpressure,
      lines: new WholeLines(sink, limits.maxLineLength),
      idleMs: limits.maxSourceIdleMs,
      onGone: (gone) => this.#producers.delete(gone),
    });
    this.#producers.add(producer);
  }
}

function mustBeAllowed(host: string, allowListen: readonly string[]): void {
  if (isOwnMachine(host) || allowListen.includes(host)) return;
  const may = ["this machine (localhost, 127.0.0.1, ::1)", ...allowListen].join(", ");
  const message = `Cannot listen on ${JSON.stringify(host)}: ${may} may be listened on; --allow-listen allows others`;
  throw new SluiceError("source_forbidden", message, {
    fields: [{ pointer: "/source/host", detail: `must be one of ${may}` }],
  });
}
