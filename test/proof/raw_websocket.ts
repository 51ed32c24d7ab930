/** A WebSocket client that says any bytes at all, and keeps all it is told. @module */

import { connect, type Socket } from "node:net";
import { FrameReader, type Frame } from "./frames.ts";

/** The key of RFC 6455, section 1.3, and what it is to be accepted with. */
export const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
export const ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/** The request of a handshake, with other headers or without one that is undefined. */
export function handshakeOf(path: string, changed: Readonly<Record<string, string | undefined>> = {}): string {
  const headers = {
    Host: "localhost",
    Upgrade: "websocket",
    Connection: "Upgrade",
    "Sec-WebSocket-Key": KEY,
    "Sec-WebSocket-Version": "13",
    ...changed,
  };
  const lines = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  return `${[`GET ${path} HTTP/1.1`, ...lines].join("\r\n")}\r\n\r\n`;
}

/** A connection. */
export class RawWebSocket {
  readonly socket: Socket;
  /** Resolves with the head of the answer, all of it where it is no 101; "" when there is none. */
  readonly answer: Promise<string>;
  /** Resolves when the connection is over, by whomever. */
  readonly over: Promise<void>;
  readonly frames: Frame[] = [];
  /** What is no frame among the server's bytes. */
  failure: unknown;
  #changed = Promise.withResolvers<void>();
  #head: string | undefined = "";

  constructor(port: number, bytes: string | Buffer) {
    this.socket = connect({ host: "127.0.0.1", port, noDelay: true });
    this.socket.on("error", () => {});
    const reader = new FrameReader();
    const answer = Promise.withResolvers<string>();
    this.answer = answer.promise;
    this.socket.on("data", (chunk) => {
      let rest = chunk;
      if (this.#head !== undefined) {
        this.#head += chunk.toString("latin1");
        const end = this.#head.indexOf("\r\n\r\n");
        if (end < 0 || !this.#head.startsWith("HTTP/1.1 101")) return;
        answer.resolve(this.#head.slice(0, end));
        rest = Buffer.from(this.#head.slice(end + 4), "latin1");
        this.#head = undefined;
      }
      try {
        this.frames.push(...reader.push(rest));
      } catch (failure) {
        this.failure = failure;
      }
      this.#wake();
    });
    this.over = new Promise((resolve) => {
      this.socket.on("close", () => {
        answer.resolve(this.#head ?? "");
        this.#wake();
        resolve();
      });
    });
    this.socket.write(bytes);
  }

  /** Resolves when there is such a frame, or the connection is over. */
  async until(isWanted: (frame: Frame) => boolean): Promise<void> {
    while (!this.frames.some(isWanted) && !this.socket.destroyed) await this.#changed.promise;
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
