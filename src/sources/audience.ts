/** A raw TCP server that speaks to all who connect. @module */

import { createServer, type Server, type Socket } from "node:net";
import type { Clock } from "../clock.ts";
import { bind, type Where } from "./bind.ts";

/** What has not been read this long after a close is not sent any more. */
const CLOSE_WITHIN_MS = 1000;

/** Where an audience is let in, and who is told. */
interface AudienceOptions extends Where {
  readonly clock: Clock;
  /** Called when a client has come. */
  readonly onCome: () => void;
  /** Called when a client has gone. */
  readonly onGo: () => void;
}

/** Those who are connected. What comes in from them is not read. */
export class Audience {
  readonly clients: ReadonlySet<Socket>;
  readonly #options: AudienceOptions;
  readonly #server: Server;
  readonly #clients = new Set<Socket>();
  /** Made for who wants to know. */
  #ended: PromiseWithResolvers<void> | undefined;
  #isEnded = false;
  #port: number;
  #release: () => void = () => {};

  constructor(options: AudienceOptions) {
    this.clients = this.#clients;
    this.#options = options;
    this.#port = options.port;
    this.#server = createServer((socket) => this.#welcome(socket));
  }

  /** The port listened on; before {@link listen} the one asked for. */
  get port(): number {
    return this.#port;
  }

  /** Resolves when it has been closed and everyone is gone. */
  get ended(): Promise<void> {
    this.#ended ??= Promise.withResolvers();
    if (this.#isEnded) this.#ended.resolve();
    return this.#ended.promise;
  }

  async listen(): Promise<void> {
    const { port, release } = await bind(this.#server, this.#options);
    this.#port = port;
    this.#release = release;
  }

  /** Lets everyone read what was said, and listens no more; resolves when everyone is gone. */
  close(): Promise<void> {
    if (this.#server.listening) this.#server.close(() => this.#end());
    else if (this.#clients.size === 0) this.#end();
    // What was said is sent first; a client that does not close its own side is not waited for.
    for (const socket of this.#clients) socket.end(() => socket.destroy());
    const cancel = this.#options.clock.after(CLOSE_WITHIN_MS, () => {
      for (const socket of this.#clients) socket.destroy();
    });
    return this.ended.then(cancel);
  }

  #end(): void {
    this.#release();
    this.#release = () => {};
    this.#isEnded = true;
    this.#ended?.resolve();
  }

  #welcome(socket: Socket): void {
    socket.on("error", destroy);
    socket.resume();
    if (!this.#server.listening) {
      socket.end(() => socket.destroy());
      return;
    }
    socket.on("close", () => {
      this.#clients.delete(socket);
      this.#options.onGo();
    });
    this.#clients.add(socket);
    this.#options.onCome();
  }
}

function destroy(this: Socket): void {
  this.destroy();
}
