/** A socket reader that says why nothing arrives. @module */

import { every, type Cancel, type Clock } from "../clock.ts";
import type { ByteSink, Receiver } from "../engine/mod.ts";
import { SocketReader } from "./socket.ts";

/** Where to read, and where to say how it goes. */
export interface SpokenReaderOptions {
  readonly clock: Clock;
  readonly host: string;
  readonly port: number;
  /** A silence this long is worth a line, in ms. */
  readonly silenceMs: number;
  readonly say: (line: string) => void;
}

/** Says each change once: that there is no connection and why, that there is one, that nothing comes over it. */
export class SpokenReader implements Receiver {
  readonly name = "SocketReceiver";
  readonly #options: SpokenReaderOptions;
  readonly #reader: SocketReader;
  #said = "";
  #heard = false;
  #cancel: Cancel = () => {};

  constructor(options: SpokenReaderOptions) {
    this.#options = options;
    const { clock, host, port } = options;
    this.#reader = new SocketReader({ clock, host, port, onChange: () => this.#sayState() });
  }

  start(sink: ByteSink): Promise<void> {
    this.#cancel = every(this.#options.clock, this.#options.silenceMs, () => this.#saySilence());
    return this.#reader.start({
      write: (chunk) => {
        this.#heard = true;
        sink.write(chunk);
      },
      buffer: () => sink.buffer?.(),
      wrote: (size) => {
        this.#heard = true;
        sink.wrote?.(size);
      },
      isBehind: () => sink.isBehind?.() ?? false,
      end: () => sink.end(),
      abandon: () => sink.abandon(),
      gap: (downMs) => sink.gap(downMs),
      started: () => sink.started(),
      stopped: (why) => sink.stopped(why),
      error: (what) => sink.error(what),
    });
  }

  stop(): Promise<void> {
    this.#cancel();
    return this.#reader.stop();
  }

  #sayState(): void {
    const { host, port } = this.#options;
    this.#say(this.#reader.lastError ?? `Connected to ${host}:${port}`);
    this.#heard = false;
  }

  #saySilence(): void {
    const { host, port } = this.#options;
    if (this.#reader.connected && !this.#heard) this.#say(`Connected to ${host}:${port}, no line comes`);
    if (this.#heard) this.#said = "";
    this.#heard = false;
  }

  #say(line: string): void {
    if (line === this.#said) return;
    this.#said = line;
    this.#options.say(line);
  }
}
