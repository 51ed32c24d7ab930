/** A raw TCP server that says random lines. @module */

import { createServer, type Server, type Socket } from "node:net";
import type { Cancel, Clock } from "../clock.ts";
import { messageOf, SluiceError, systemCodeOf } from "../errors.ts";
import { randomSeed, seededRandom } from "./random.ts";

/** What has not been read this long after a close is not sent any more. */
const CLOSE_WITHIN_MS = 1000;
/** A client that leaves more than this many bytes unread is let go. */
const MAX_UNREAD_BYTES = 1024 * 1024;

/** What an emitter says, where and how often. */
export interface EmitterOptions {
  readonly clock: Clock;
  readonly messages: readonly string[];
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly intervalMs: number;
  readonly seed?: number | undefined;
  /** Ends after this many lines; default never. */
  readonly maxLines?: number | undefined;
  /** Called with each line sent, and with each client that comes or goes. */
  readonly onEvent?: (event: EmitterEvent) => void;
}

/** Something an emitter did. */
export type EmitterEvent = { readonly sent: string } | { readonly clients: number };

/**
 * Sends one random line at every interval to all who are connected, the first at once to the first of them. While nobody
 * is connected nothing is said, so a seed gives the same lines to whoever connects first. What comes in is not read.
 */
export class Emitter {
  readonly seed: number;
  readonly sent: { lines: number; bytes: number } = { lines: 0, bytes: 0 };
  readonly #options: EmitterOptions;
  readonly #random: () => number;
  readonly #server: Server;
  readonly #clients = new Set<Socket>();
  readonly #ended: PromiseWithResolvers<void> = Promise.withResolvers();
  #cancel: Cancel | undefined;
  #nextAt = 0;
  #port: number;

  constructor(options: EmitterOptions) {
    this.#options = options;
    this.#port = options.port;
    this.seed = options.seed ?? randomSeed();
    this.#random = seededRandom(this.seed);
    this.#server = createServer((socket) => this.#welcome(socket));
  }

  /** The port listened on; before {@link listen} the one asked for. */
  get port(): number {
    return this.#port;
  }

  /** Resolves when it has been closed, or has finished, and everyone is gone. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  get clients(): number {
    return this.#clients.size;
  }

  /** Whether `maxLines` have been sent. */
  get finished(): boolean {
    return this.sent.lines >= (this.#options.maxLines ?? Infinity);
  }

  listen(): Promise<void> {
    const { host, port } = this.#options;
    return new Promise((resolve, reject) => {
      this.#server.once("error", (failure) => reject(listenFailure(failure, `${host}:${port}`)));
      this.#server.listen({ host, port }, () => {
        const address = this.#server.address();
        if (typeof address === "object" && address !== null) this.#port = address.port;
        // Running out of descriptors while accepting is survived; the client is told by TCP.
        this.#server.on("error", () => {});
        resolve();
      });
    });
  }

  /** Says no more, lets everyone read what was said, and listens no more; resolves when everyone is gone. */
  close(): Promise<void> {
    this.#pause();
    if (this.#server.listening) this.#server.close(() => this.#ended.resolve());
    else if (this.#clients.size === 0) this.#ended.resolve();
    // What was said is sent first; a client that does not close its own side is not waited for.
    for (const socket of this.#clients) socket.end(() => socket.destroy());
    const cancel = this.#options.clock.after(CLOSE_WITHIN_MS, () => {
      for (const socket of this.#clients) socket.destroy();
    });
    return this.#ended.promise.then(cancel);
  }

  #welcome(socket: Socket): void {
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.#clients.delete(socket);
      this.#options.onEvent?.({ clients: this.#clients.size });
      if (this.#clients.size === 0) this.#pause();
    });
    socket.resume();
    if (this.finished || !this.#server.listening) {
      socket.end(() => socket.destroy());
      return;
    }
    this.#clients.add(socket);
    this.#options.onEvent?.({ clients: this.#clients.size });
    if (this.#cancel !== undefined) return;
    this.#nextAt = Math.max(this.#nextAt, this.#options.clock.elapsed());
    this.#arm();
  }

  #pause(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #arm(): void {
    this.#cancel = this.#options.clock.after(this.#nextAt - this.#options.clock.elapsed(), () => this.#say());
  }

  #say(): void {
    const { messages, intervalMs, clock } = this.#options;
    const message = messages[Math.floor(this.#random() * messages.length)] ?? "";
    const bytes = Buffer.from(`${message}\n`);
    this.sent.lines++;
    this.sent.bytes += bytes.length;
    for (const socket of this.#clients) {
      socket.write(bytes);
      if (socket.writableLength > MAX_UNREAD_BYTES) socket.destroy();
    }
    this.#options.onEvent?.({ sent: message });
    if (this.finished) {
      void this.close();
      return;
    }
    // From the time it was due, so that it does not drift; a stall is not made up for.
    this.#nextAt += intervalMs;
    if (this.#nextAt < clock.elapsed()) this.#nextAt = clock.elapsed() + intervalMs;
    this.#arm();
  }
}

function listenFailure(failure: unknown, where: string): SluiceError {
  const code = systemCodeOf(failure);
  if (code === "EADDRINUSE") {
    return new SluiceError(
      "port_taken",
      `Cannot listen on ${where}: the port is in use, a free one (or 0 for any) is wanted`,
    );
  }
  return new SluiceError("cannot_listen", `Cannot listen on ${where}: ${code ?? messageOf(failure)}`, {
    cause: failure,
  });
}
