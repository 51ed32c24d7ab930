/** One of those who connect and write lines. @module */

import type { Socket } from "node:net";
import { whenIdle } from "../clock.ts";
import { Share, type Landing } from "./landing.ts";
import type { WholeLines } from "./whole_lines.ts";

/** What a stream gives with one read when there is more. */
const FULL_READ_BYTES = 65_536;

/** What a producer is read with. */
interface ProducerParts extends Omit<Landing, "resume"> {
  readonly lines: WholeLines;
  /** After so many ms without a byte it is let go. */
  readonly idleMs: number;
  readonly onGone: (producer: Producer) => void;
}

/** Reads a connection to its end. Nothing is ever sent. */
export class Producer {
  readonly #socket: Socket;
  readonly #lines: WholeLines;
  #isOver = false;

  constructor(socket: Socket, { lines, idleMs, onGone, ...landing }: ProducerParts) {
    const { clock, reader } = landing;
    this.#socket = socket;
    this.#lines = lines;
    const share = new Share({ ...landing, resume: () => void socket.resume() });
    let saidAt = 0;
    const cancelIdle = whenIdle(clock, {
      limitMs: idleMs,
      saidAt: () => saidAt,
      isHeld: () => reader.sink?.isBehind?.() ?? false,
      onIdle: () => socket.destroy(),
    });
    socket.on("data", (chunk: Uint8Array) => {
      if (this.#isOver) return;
      saidAt = clock.elapsed();
      share.begin();
      lines.write(chunk);
      if (!share.mayReadOn(chunk.length >= FULL_READ_BYTES)) socket.pause();
    });
    // As in Spark: a connection that ends in order ends its line, one that breaks leaves it torn.
    socket.on("end", () => this.#finish(() => lines.end()));
    socket.on("error", () => {});
    socket.on("close", () => {
      cancelIdle();
      this.#finish(() => lines.abandon());
      onGone(this);
    });
  }

  /** Stops now; what has not been read yet is not read. */
  stop(): void {
    this.#finish(() => this.#lines.abandon());
    this.#socket.destroy();
  }

  #finish(last: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    last();
  }
}
