/** A TCP client that reads lines for ever, as Spark's socket receiver does. @module */

import { connect, type Socket } from "node:net";
import type { Cancel, Clock } from "../clock.ts";
import type { ByteSink, Receiver } from "../engine/mod.ts";
import type { SluiceError } from "../errors.ts";
import { Backpressure } from "./backpressure.ts";
import { isOutOfDescriptors, outOfDescriptors } from "./descriptors.ts";
import type { Dial } from "./dial.ts";
import { landIn } from "./landing.ts";
import { reasonOf } from "./reasons.ts";

/** `spark.streaming.receiverRestartDelay`: between a lost connection, or a refused one, and the next try. */
const RETRY_MS = 2000;
/** How long a start waits for its first connection before it goes on without. */
const FIRST_CONNECT_MS = 1000;

const READER: unique symbol = Symbol("reader");

/** A socket that knows its reader. */
type OwnSocket = Socket & { [READER]?: SocketReader };

/** Where to read and whom to tell. */
export interface SocketReaderOptions {
  readonly clock: Clock;
  readonly host: string;
  readonly port: number;
  /** How to get there; default: to `host`, as the system finds it. */
  readonly dial?: Dial;
  /** Called when `connected` or `lastError` has changed. */
  readonly onChange?: () => void;
  /** Called when the other side ends the connection; true: reading is over, there will be no further try. */
  readonly onEnd?: () => boolean;
}

/**
 * Connects, reads to the end, waits 2 s, connects again, without end. Bytes go to the sink as they come, so when the engine
 * is slow TCP slows the sender. Nothing is ever sent, nor is our side of the connection closed: at that `nc -l`, and Node's own
 * servers, say no more.
 */
export class SocketReader implements Receiver {
  readonly name = "SocketReceiver";
  connected = false;
  /** Why there is no connection, in words, or null. */
  lastError: string | null = null;
  /** Connections after the first. */
  reconnects = 0;
  /** Where bytes go, until it is stopped. */
  sink: ByteSink | undefined;
  readonly #options: SocketReaderOptions;
  readonly #backpressure: Backpressure;
  #socket: Socket | undefined;
  /** Why the socket fails, before it is closed. */
  #failure: Error | undefined;
  /** Of the next try, or of the end of this one. */
  #cancelTry: Cancel | undefined;
  #cancelIdle: Cancel | undefined;
  /** The other side ended the last connection, in order. */
  #isEnded = false;
  /** Until then nothing is told of how a try by {@link Dial} goes. */
  #isUntold = false;
  /** When the last connection was lost, on the monotonic clock. */
  #lostAt: number | undefined;
  /** Ends the wait of the start. */
  #settled: ((failure?: SluiceError) => void) | undefined;
  /** Told when reading is over for good. */
  #over: (() => void) | undefined;

  constructor(options: SocketReaderOptions) {
    this.#options = options;
    this.#backpressure = new Backpressure(options.clock.elapsed());
  }

  /** How long reading was behind the sender, which TCP held meanwhile, in ms; and the share of the last 5 to 10 s that it was. */
  get backpressure(): { readonly behindMs: number; readonly share: number } {
    return this.#backpressure.status(this.#options.clock.elapsed());
  }

  /** Rejects, with `too_many_descriptors`, when there is none left for its first connection. */
  start(sink: ByteSink): Promise<void> {
    this.sink = sink;
    return new Promise((resolve, reject) => {
      const cancel = this.#options.clock.after(FIRST_CONNECT_MS, resolve);
      this.#settled = (failure) => {
        this.#settled = undefined;
        cancel();
        if (failure === undefined) resolve();
        else reject(failure);
      };
      this.#connect();
    });
  }

  /** Stops now; what has not been read yet is not read. */
  stop(): Promise<void> {
    this.sink = undefined;
    this.#cancelTry?.();
    this.#cancelIdle?.();
    this.#socket?.destroy();
    this.#socket = undefined;
    this.connected = false;
    this.#settled?.();
    this.#over?.();
    return Promise.resolve();
  }

  /** Resolves when the reading that goes on is over: by {@link stop}, or as `onEnd` said so. */
  over(): Promise<void> {
    return new Promise((resolve) => {
      if (this.sink === undefined) resolve();
      else this.#over = resolve;
    });
  }

  #connect(): void {
    this.sink?.started();
    this.#failure = undefined;
    this.#isEnded = false;
    const { host, dial, clock } = this.#options;
    if (dial === undefined) {
      this.#open(host);
      return;
    }
    this.#isUntold = true;
    let isCurrent = true;
    this.#cancelTry = clock.after(dial.withinMs, () => {
      isCurrent = false;
      this.#tried();
    });
    const open = (address: string): void => {
      if (isCurrent && this.sink !== undefined) this.#open(address);
    };
    dial.address().then(open, () => {});
  }

  #open(host: string): void {
    const { port, clock } = this.#options;
    const landing = { clock, reader: this, backpressure: this.#backpressure, resume: () => this.#socket?.resume() };
    const socket: OwnSocket = connect({ host, port, onread: landIn(landing) });
    this.#socket = socket;
    // Listeners that are the same for all: there may be thousands of readers.
    socket[READER] = this;
    socket.once("connect", onConnect);
    socket.on("error", onError);
    socket.on("close", onClose);
  }

  /** The time of a try is over: it has connected, or has failed by now. */
  #tried(): void {
    this.#isUntold = false;
    if (this.connected) return;
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.destroy();
    this.#lost();
  }

  /** Told by its socket, which is connected. */
  opened(socket: Socket): void {
    const { port, dial, clock } = this.#options;
    // A client of a dead port in the ephemeral range can, after many tries, be given that port and reach itself.
    if (socket.localPort === port && socket.localAddress === socket.remoteAddress) {
      socket.destroy(new Error("the connection leads to itself"));
      return;
    }
    if (dial !== undefined && !dial.admits(socket.remoteAddress)) {
      socket.destroy();
      return;
    }
    this.#cancelIdle = dial?.watch(socket, clock, {
      saidAt: () => this.#backpressure.readAt,
      isHeld: () => this.sink?.isBehind?.() ?? false,
    });
    if (this.#lostAt !== undefined) {
      this.reconnects++;
      this.sink?.gap(clock.elapsed() - this.#lostAt);
    }
    this.connected = true;
    this.lastError = null;
    this.#tell();
  }

  /** Told by its socket, why it is about to close. */
  failed(socket: Socket, failure: Error): void {
    if (socket === this.#socket) this.#failure = failure;
  }

  /** Told by its socket, which is closed. */
  closed(socket: Socket): void {
    if (socket !== this.#socket) return;
    const failure = this.#failure;
    this.#backpressure.read(this.#options.clock.elapsed(), false);
    this.#cancelIdle?.();
    if (this.connected) {
      this.connected = false;
      this.#isEnded = failure === undefined;
      this.#lostAt = this.#options.clock.elapsed();
      this.#endLine(failure);
      if (this.#options.onEnd?.() === true) {
        void this.stop();
        this.#options.onChange?.();
        return;
      }
    } else if (this.#settled !== undefined && isOutOfDescriptors(failure)) {
      this.#settled(outOfDescriptors(`Cannot read from ${this.#where}`, failure));
      void this.stop();
      return;
    }
    if (!this.#isUntold) this.#lost();
  }

  #lost(): void {
    this.lastError = `Cannot read from ${this.#where}: ${this.#why}; next try in ${RETRY_MS / 1000} s`;
    this.sink?.stopped(this.lastError);
    this.#cancelTry = this.#options.clock.after(RETRY_MS, () => this.#connect());
    this.#tell();
  }

  get #why(): string {
    const { dial } = this.#options;
    if (dial !== undefined && !this.#isEnded) return dial.why;
    return this.#failure === undefined ? "the other side closed the connection" : reasonOf(this.#failure);
  }

  get #where(): string {
    return `${this.#options.host}:${this.#options.port}`;
  }

  /** As in Spark: a connection that ends in order ends its line, one that breaks leaves it torn. */
  #endLine(failure: Error | undefined): void {
    if (failure === undefined) this.sink?.end();
    else this.sink?.abandon();
  }

  #tell(): void {
    this.#settled?.();
    this.#options.onChange?.();
  }
}

function onConnect(this: OwnSocket): void {
  this[READER]?.opened(this);
}

function onError(this: OwnSocket, failure: Error): void {
  this[READER]?.failed(this, failure);
}

function onClose(this: OwnSocket): void {
  this[READER]?.closed(this);
}
