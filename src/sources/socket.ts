/** A TCP client that reads lines for ever, as Spark's socket receiver does. @module */

import { connect, type Socket } from "node:net";
import type { Cancel, Clock } from "../clock.ts";
import type { ByteSink, Receiver } from "../engine/mod.ts";
import { messageOf, systemCodeOf } from "../errors.ts";
import { Backpressure } from "./backpressure.ts";
import { landIn } from "./landing.ts";

/** `spark.streaming.receiverRestartDelay`: between a lost connection, or a refused one, and the next try. */
const RETRY_MS = 2000;
/** How long a start waits for its first connection before it goes on without. */
const FIRST_CONNECT_MS = 1000;

/** Where to read and whom to tell. */
export interface SocketReaderOptions {
  readonly clock: Clock;
  readonly host: string;
  readonly port: number;
  /** Called when `connected` or `lastError` has changed. */
  readonly onChange?: () => void;
  /** Called when the other side ends the connection; true: reading is over, there will be no further try. */
  readonly onEnd?: () => boolean;
}

/**
 * Connects, reads to the end, waits 2 s, connects again, without end. Bytes go to the sink as they come, so when the engine
 * is slow TCP slows the sender. Nothing is ever sent.
 */
export class SocketReader implements Receiver {
  readonly name = "SocketReceiver";
  connected = false;
  /** Why there is no connection, in words, or null. */
  lastError: string | null = null;
  readonly #options: SocketReaderOptions;
  readonly #backpressure: Backpressure;
  #sink: ByteSink | undefined;
  #socket: Socket | undefined;
  #cancelRetry: Cancel = () => {};
  /** When the last connection was lost, on the monotonic clock. */
  #lostAt: number | undefined;
  #settled: () => void = () => {};
  /** Resolves when reading is over for good. */
  readonly #over: PromiseWithResolvers<void> = Promise.withResolvers();

  constructor(options: SocketReaderOptions) {
    this.#options = options;
    this.#backpressure = new Backpressure(options.clock.elapsed());
  }

  /** How long reading was behind the sender, which TCP held meanwhile, in ms; and the share of the last 5 to 10 s that it was. */
  get backpressure(): { readonly behindMs: number; readonly share: number } {
    return this.#backpressure.status(this.#options.clock.elapsed());
  }

  start(sink: ByteSink): Promise<void> {
    this.#sink = sink;
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(FIRST_CONNECT_MS, resolve);
      this.#settled = () => {
        cancel();
        resolve();
      };
      this.#connect();
    });
  }

  /** Stops now; what has not been read yet is not read. */
  stop(): Promise<void> {
    this.#sink = undefined;
    this.#cancelRetry();
    this.#socket?.destroy();
    this.#socket = undefined;
    this.connected = false;
    this.#settled();
    this.#over.resolve();
    return Promise.resolve();
  }

  /** Resolves when the reading is over: by {@link stop}, or as `onEnd` said so. */
  over(): Promise<void> {
    return this.#over.promise;
  }

  #connect(): void {
    const { clock, host, port } = this.#options;
    this.#sink?.started();
    const landing = { clock, sink: () => this.#sink, backpressure: this.#backpressure, resume: () => socket.resume() };
    const socket: Socket = connect({ host, port, onread: landIn(landing) });
    this.#socket = socket;
    let failure: string | undefined;
    socket.on("connect", () => this.#opened(socket));
    socket.on("error", (error) => {
      failure = reasonOf(error);
    });
    socket.on("close", () => this.#closed(socket, failure));
  }

  #opened(socket: Socket): void {
    const { localPort, remotePort, localAddress, remoteAddress } = socket;
    // A client of a dead port in the ephemeral range can, after many tries, be given that port and reach itself.
    if (localPort === remotePort && localAddress === remoteAddress) {
      socket.destroy(new Error("the connection leads to itself"));
      return;
    }
    if (this.#lostAt !== undefined) this.#sink?.gap(this.#options.clock.elapsed() - this.#lostAt);
    this.connected = true;
    this.lastError = null;
    this.#tell();
  }

  #closed(socket: Socket, failure: string | undefined): void {
    if (socket !== this.#socket) return;
    this.#backpressure.read(this.#options.clock.elapsed(), false);
    if (this.connected) {
      this.connected = false;
      this.#lostAt = this.#options.clock.elapsed();
      this.#endLine(failure);
      if (this.#options.onEnd?.() === true) {
        void this.stop();
        this.#options.onChange?.();
        return;
      }
    }
    const { host, port } = this.#options;
    this.lastError = `Cannot read from ${host}:${port}: ${failure ?? "the other side closed the connection"}; next try in ${RETRY_MS / 1000} s`;
    this.#sink?.stopped(this.lastError);
    this.#cancelRetry = this.#options.clock.after(RETRY_MS, () => this.#connect());
    this.#tell();
  }

  /** As in Spark: a connection that ends in order ends its line, one that breaks leaves it torn. */
  #endLine(failure: string | undefined): void {
    if (failure === undefined) this.#sink?.end();
    else this.#sink?.abandon();
  }

  #tell(): void {
    this.#settled();
    this.#options.onChange?.();
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused (nothing listens there)",
  ECONNRESET: "the other side reset the connection",
  ETIMEDOUT: "no answer in time",
  ENOTFOUND: "there is no host of that name",
  EHOSTUNREACH: "no route to the host",
};

function reasonOf(failure: Error): string {
  // A host with several addresses fails with all their failures in one.
  const cause: unknown = failure instanceof AggregateError ? failure.errors[0] : failure;
  const code = systemCodeOf(cause) ?? "";
  return REASONS[code] ?? (code === "" ? messageOf(cause) : code);
}
