/** Real TCP on this machine. @module */

import { connect, createServer, type Server, type Socket } from "node:net";

/** A client that keeps what it is sent. */
export class TcpClient {
  text = "";
  readonly socket: Socket;
  readonly ended: Promise<void>;
  #changed = Promise.withResolvers<void>();

  constructor(port: number) {
    this.socket = connect({ host: "127.0.0.1", port });
    this.socket.on("error", () => {});
    this.socket.on("data", (chunk: Buffer) => {
      this.text += chunk.toString();
      this.#wake();
    });
    this.ended = new Promise((resolve) => {
      this.socket.on("close", () => {
        this.#wake();
        resolve();
      });
    });
  }

  /** Resolves when `lines` lines have come. */
  async lines(lines: number): Promise<string[]> {
    while (this.text.split("\n").length <= lines && !this.socket.destroyed) await this.#changed.promise;
    return this.text.split("\n").slice(0, lines);
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

/** A server whose connections a test takes one by one. */
export class TcpServer {
  readonly #server: Server;
  readonly #waiting: Socket[] = [];
  readonly #sockets = new Set<Socket>();
  #arrived = Promise.withResolvers<void>();

  private constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket) => {
      socket.on("error", () => {});
      socket.resume();
      this.#sockets.add(socket);
      this.#waiting.push(socket);
      this.#arrived.resolve();
      this.#arrived = Promise.withResolvers();
    });
  }

  static listen(port: number = 0): Promise<TcpServer> {
    return new Promise((resolve, reject) => {
      const server = createServer();
      server.once("error", reject);
      server.listen(port, "127.0.0.1", () => resolve(new TcpServer(server)));
    });
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** The next connection. */
  async accept(): Promise<Socket> {
    while (this.#waiting.length === 0) await this.#arrived.promise;
    return this.#waiting.shift()!;
  }

  /** Listens no more and ends every connection. */
  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }
}
