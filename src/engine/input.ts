/** Where bytes enter the engine. @module */

import type { Clock } from "../clock.ts";
import type { ReceiverInfo, StreamingListener } from "./listener.ts";
import type { Kernel } from "./kernel.ts";
import { sumLines, type InputStats } from "./input_stats.ts";
import { LineDecoder, type LineReader, type LineSink, type LineStats } from "./lines.ts";
import { TextLines } from "./text_lines.ts";
import type { WordCount } from "./word_count.ts";

/** An interval that brings so many bytes is counted in a kernel from there on; after one of fewer the kernel goes. */
const HEAVY_BYTES = 1 << 18;
const LIGHT_BYTES = 1 << 16;

/** Takes the bytes of one stream. */
export interface ByteSink {
  /** The next bytes; the chunk may be reused after the call. */
  write(chunk: Uint8Array): void;
  /** Where the next bytes may be put instead, for {@link wrote}: ask again after each. Undefined: there is no such place. */
  buffer?(): Uint8Array | undefined;
  /** The next bytes are the first `size` of {@link buffer}. */
  wrote?(size: number): void;
  /** How many lines have come, since the beginning. Undefined: that is not known. */
  lines?(): number;
  /** Batches wait for their outputs: it is better to read no more until they have run. Undefined: never. */
  isBehind?(): boolean;
  /** So many more bytes of the unfinished line have come, and are not handed on: it is longer than is kept. */
  cut?(bytes: number): void;
  /** One connection is over: its unfinished line is a line. */
  end(): void;
  /** One connection broke: its unfinished line is lost, and counted in `dropped`. */
  abandon(): void;
  /** Reading was interrupted for `downMs`; what was sent meanwhile is lost. */
  gap(downMs: number): void;
  /** It reads, or tries to, again after {@link stopped}. */
  started(): void;
  /** It cannot read for now, and why; for listeners. */
  stopped(why: string): void;
  /** There is trouble that does not end the reading; for listeners. */
  error(what: string): void;
}

/** Spark's word for what brings bytes in. */
export interface Receiver {
  /** What listeners are told it is. Default `Receiver`. */
  readonly name?: string;
  /** Begins to write to `sink`; resolves when the receiver works or keeps trying, rejects when it never will. */
  start(sink: ByteSink): Promise<void>;
  /** Ends the writing: no call to the sink comes after it has resolved. */
  stop(): Promise<void>;
}

/** How an input works. */
export interface InputOptions {
  /** Its number among the context's inputs. */
  readonly streamId: number;
  readonly maxLineLength: number;
  readonly clock: Clock;
  readonly tell: (event: (listener: StreamingListener) => void) => void;
  /** Whether batches wait for their outputs. */
  readonly isBehind: () => boolean;
}

const NO_GAPS: InputStats["gaps"] = { count: 0, downMs: 0 };

interface TextSink {
  readonly take: (line: string) => void;
  readonly fail: (failure: unknown) => void;
}

/** One input stream: decodes its receiver's bytes and hands lines to whoever counts or maps them. */
export class Input implements ByteSink, LineSink {
  readonly #receiver: Receiver;
  readonly #options: InputOptions;
  readonly #decoder: LineDecoder;
  #wordCounts: readonly WordCount[] = [];
  readonly #textSinks: TextSink[] = [];
  /** There if anybody wants the lines as strings. */
  #text: TextLines | undefined;
  /** Reads instead of the decoder while much comes. */
  #kernel: Kernel | undefined;
  #kernelFrom = HEAVY_BYTES;
  #linesTaken = 0;
  #bytes = 0;
  #gaps = 0;
  #downMs = 0;
  #active = false;
  /** Told, before anything comes, that it does. */
  #onCome: (() => void) | undefined;

  constructor(receiver: Receiver, options: InputOptions) {
    this.#receiver = receiver;
    this.#options = options;
    this.#decoder = new LineDecoder(this, options.maxLineLength);
  }

  /** Called before anything comes. */
  set onCome(told: () => void) {
    this.#onCome = told;
  }

  /** Starts the receiver; rejects when it can never read. */
  start(): Promise<void> {
    this.started();
    return this.#receiver.start(this);
  }

  /** Reading is over for good: the unfinished line, if any, is dropped and said to be. */
  async stop(): Promise<void> {
    await this.#receiver.stop();
    this.abandon();
    if (this.#active) this.stopped("");
  }

  onWords(count: WordCount): void {
    this.#wordCounts = this.#wordCounts.concat(count);
  }

  /** A user's function in `take` can fail: the receiver is not to blame, `fail` is told. */
  onText(take: (line: string) => void, fail: (failure: unknown) => void): void {
    this.#textSinks.push({ take, fail });
    this.#text ??= new TextLines((line) => this.#give(line));
  }

  write(chunk: Uint8Array): void {
    this.#onCome?.();
    this.#bytes += chunk.length;
    if (this.#kernel === undefined && this.#bytes >= this.#kernelFrom) this.#openKernel();
    this.#text?.begin(chunk);
    this.#reader.write(chunk);
    this.#text?.flush();
  }

  buffer(): Uint8Array | undefined {
    return this.#kernel?.buffer;
  }

  wrote(size: number): void {
    this.#onCome?.();
    this.#bytes += size;
    this.#kernel?.wrote(size);
  }

  lines(): number {
    return this.#linesTaken + this.#decoder.lines + (this.#kernel?.lines ?? 0);
  }

  isBehind(): boolean {
    return this.#options.isBehind();
  }

  cut(bytes: number): void {
    this.#onCome?.();
    this.#bytes += bytes;
    this.#decoder.dropped.bytes += bytes;
  }

  end(): void {
    this.#onCome?.();
    this.#reader.end();
  }

  abandon(): void {
    this.#onCome?.();
    this.#reader.abandon();
  }

  gap(downMs: number): void {
    this.#onCome?.();
    this.#gaps++;
    this.#downMs += downMs;
  }

  started(): void {
    if (this.#active) return;
    this.#active = true;
    const receiverInfo = this.#info("");
    this.#options.tell((listener) => listener.onReceiverStarted?.({ receiverInfo }));
  }

  stopped(why: string): void {
    this.#active = false;
    const receiverInfo = this.#info(why);
    this.#options.tell((listener) => listener.onReceiverStopped?.({ receiverInfo }));
  }

  error(what: string): void {
    const receiverInfo = this.#info(what);
    this.#options.tell((listener) => listener.onReceiverError?.({ receiverInfo }));
  }

  get #reader(): LineReader {
    return this.#kernel ?? this.#decoder;
  }

  /** A kernel takes over, if the words of one count are all that is wanted of the lines. */
  #openKernel(): void {
    const [count, ...more] = this.#wordCounts;
    if (count !== undefined && more.length === 0 && this.#textSinks.length === 0)
      this.#kernel = count.openKernel(this.#options.maxLineLength);
    if (this.#kernel === undefined) this.#kernelFrom = Infinity;
    else this.#kernel.resume(this.#decoder.handOver());
  }

  /** What the kernel counted has been taken. */
  #closeKernel(kernel: Kernel): void {
    this.#decoder.resume(kernel.handOver());
    this.#wordCounts[0]?.closeKernel();
    this.#kernel = undefined;
  }

  #info(lastErrorMessage: string): ReceiverInfo {
    const { streamId, clock } = this.#options;
    const name = `${this.#receiver.name ?? "Receiver"}-${streamId}`;
    const lastErrorTime = lastErrorMessage === "" ? -1 : clock.now();
    return { streamId, name, active: this.#active, lastErrorMessage, lastErrorTime };
  }

  line(bytes: Uint8Array, start: number, end: number): void {
    for (const count of this.#wordCounts) count.line(bytes, start, end);
    this.#text?.line(bytes, start, end);
  }

  #give(line: string): void {
    for (const { take, fail } of this.#textSinks) {
      try {
        take(line);
      } catch (failure) {
        fail(failure);
      }
    }
  }

  /** What has come since the last call of {@link takeStats}; undefined while a kernel reads. */
  peekStats(): InputStats | undefined {
    return this.#kernel === undefined ? this.#statsOf(this.#decoder.soFar()) : undefined;
  }

  /** What has come since the last call. The interval's words must have been taken. */
  takeStats(): InputStats {
    const read = this.#decoder.take();
    const stats = this.#statsOf(this.#kernel === undefined ? read : sumLines(read, this.#kernel.take()));
    if (this.#kernel !== undefined && (this.#bytes < LIGHT_BYTES || this.#kernel.isOversized))
      this.#closeKernel(this.#kernel);
    this.#linesTaken += stats.lines;
    this.#bytes = 0;
    this.#gaps = 0;
    this.#downMs = 0;
    return stats;
  }

  #statsOf({ lines, dropped }: LineStats): InputStats {
    const gaps = this.#gaps === 0 ? NO_GAPS : { count: this.#gaps, downMs: this.#downMs };
    return { lines, bytes: this.#bytes, dropped, gaps };
  }
}
