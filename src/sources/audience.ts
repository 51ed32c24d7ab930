/** A raw TCP server that speaks to all who connect. @module */

import { createServer, type Server, type Socket } from "node:net";
import type { Clock } from "../clock.ts";
import { messageOf, SluiceError, systemCodeOf } from "../errors.ts";
import { isOutOfDescriptors, outOfDescriptors } from "./descriptors.ts";

/** What has not been read this long after a close is not sent any more. */
const CLOSE_WITHIN_MS = 1000;

/** Where an audience is let in, and who is told. */
interface AudienceOptions {
  readonly clock: Clock;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
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

  listen(): Promise<void> {
    const { host, port } = this.#options;
    return new Promise((resolve, reject) => {
      const onError = (failure: Error): void => reject(listenFailure(failure, `${host}:${port}`));
      this.#server.once("error", onError);
      this.#server.listen({ host, port }, () => {
        const address = this.#server.address();
        if (typeof address === "object" && address !== null) this.#port = address.port;
        // Running out of descriptors while accepting is survived; the client is told by TCP.
        this.#server.on("error", ignore);
        this.#server.removeListener("error", onError);
        resolve();
      });
    });
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

function ignore(): void {}

function destroy(this: Socket): void {
  this.destroy();
}

function listenFailure(failure: unknown, where: string): SluiceError {
  const code = systemCodeOf(failure);
  if (isOutOfDescriptors(failure)) return outOfDescriptors(`Cannot listen on ${where}`, failure);
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
