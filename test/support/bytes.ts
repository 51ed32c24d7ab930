/** Bytes by hand. @module */

import type { ByteSink, Receiver } from "../../src/engine/mod.ts";
import type { Source, SourceStatus } from "../../src/sessions/mod.ts";

/** A text's UTF-8 bytes. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** A receiver that a test feeds. */
export class HandReceiver implements Receiver {
  #sink: ByteSink | undefined;

  start(sink: ByteSink): Promise<void> {
    this.#sink = sink;
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.#sink = undefined;
    return Promise.resolve();
  }

  write(text: string | Uint8Array): void {
    this.#sink?.write(typeof text === "string" ? utf8(text) : text);
  }

  end(): void {
    this.#sink?.end();
  }

  abandon(): void {
    this.#sink?.abandon();
  }

  gap(downMs: number): void {
    this.#sink?.gap(downMs);
  }

  /** Whether the other side asks to be given no more for now. */
  get isHeld(): boolean {
    return this.#sink?.isBehind?.() ?? false;
  }
}

/** The same as a session's source, whose state the test sets too. */
export class HandSource extends HandReceiver implements Source {
  #status: SourceStatus = { type: "socket", connected: true, finished: false, lastError: null };
  #changed: () => void = () => {};

  get status(): SourceStatus {
    return this.#status;
  }

  /** Changes the status, and tells. */
  tell(changed: Partial<Record<"connected" | "finished", boolean>> & { lastError?: string | null }): void {
    this.#status = { ...this.#status, ...changed };
    this.#changed();
  }

  watch(changed: () => void): void {
    this.#changed = changed;
  }
}
