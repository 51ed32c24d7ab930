/** The lines of the newest batches, if they are few, so that such a batch can be explained from its lines on. @module */

import type { ByteSink, Receiver } from "../engine/mod.ts";

/** Bytes of an interval that are kept; of one with more there are no lines. */
const MAX_BYTES = 2048;
const FIRST_BYTES = 128;
/** Batches whose lines are kept. */
const MAX_BATCHES = 8;
const LF = 0x0a;
const decoder = new TextDecoder();

/** Listens in on a receiver. */
export class RecentLines implements Receiver {
  readonly #receiver: Receiver;
  readonly #texts = new Map<number, string>();
  #bytes: Uint8Array = new Uint8Array(FIRST_BYTES);
  #length = 0;
  /** Too much has come: until the end of this interval nothing is kept. */
  #full = false;
  /** Where a line begins is not known until the next line end. */
  #astray = false;

  constructor(receiver: Receiver) {
    this.#receiver = receiver;
  }

  get name(): string {
    return this.#receiver.name ?? "Receiver";
  }

  /** The sink is told first: what came before may be cut then. */
  start(sink: ByteSink): Promise<void> {
    return this.#receiver.start({
      write: (chunk) => {
        sink.write(chunk);
        this.#keep(chunk);
      },
      // A place of the sink's own is for much, which is not kept.
      buffer: () => sink.buffer?.(),
      wrote: (size) => {
        sink.wrote?.(size);
        this.#full = true;
      },
      cut: (bytes) => {
        sink.cut?.(bytes);
        this.#full = true;
      },
      end: () => {
        sink.end();
        if (this.#length > this.#lastLineEnd()) this.#keep(Uint8Array.of(LF));
      },
      abandon: () => {
        sink.abandon();
        this.#length = this.#lastLineEnd();
      },
      lines: () => sink.lines?.() ?? 0,
      isBehind: () => sink.isBehind?.() ?? false,
      gap: (downMs) => sink.gap(downMs),
      started: () => sink.started(),
      stopped: (why) => sink.stopped(why),
      error: (what) => sink.error(what),
    });
  }

  stop(): Promise<void> {
    return this.#receiver.stop();
  }

  /** What has come until now is of the batch of this number, of so many lines. */
  cut(lines: number, seq: number): void {
    const text = this.#take(lines);
    if (text !== undefined) this.#texts.set(seq, text);
    this.#texts.delete(seq - MAX_BATCHES);
  }

  /** Undefined where it is not all there is, or too much. */
  #take(lines: number): string | undefined {
    if (this.#full) {
      this.#length = 0;
      this.#astray = true;
      this.#full = false;
      return undefined;
    }
    const end = this.#lastLineEnd();
    const text = decoder.decode(this.#bytes.subarray(0, end));
    this.#bytes.copyWithin(0, end, this.#length);
    this.#length -= end;
    // More may have come since the batch was cut, or lines may end otherwise: better no lines than others.
    return linesOf(text).length === lines ? text : undefined;
  }

  /** The lines of a batch in the order they came, or null when they are not kept. */
  of(seq: number): readonly string[] | null {
    const text = this.#texts.get(seq);
    return text === undefined ? null : linesOf(text);
  }

  #keep(chunk: Uint8Array): void {
    if (this.#full) return;
    const from = this.#astray ? chunk.indexOf(LF) + 1 : 0;
    if (this.#astray && from === 0) return;
    const part = chunk.subarray(from);
    this.#astray = false;
    const length = this.#length + part.length;
    if (length > MAX_BYTES) {
      this.#full = true;
      return;
    }
    if (length > this.#bytes.length) this.#grow(length);
    this.#bytes.set(part, this.#length);
    this.#length = length;
  }

  #grow(length: number): void {
    const larger = new Uint8Array(Math.min(MAX_BYTES, 2 * length));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }

  #lastLineEnd(): number {
    return this.#bytes.subarray(0, this.#length).lastIndexOf(LF) + 1;
  }
}

function linesOf(text: string): string[] {
  return text === "" ? [] : text.replace(/\r?\n$/, "").split(/\r\n|[\n\r]/);
}
