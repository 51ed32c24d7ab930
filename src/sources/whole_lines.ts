/** The lines of one of several connections, handed on whole. @module */

import type { ByteSink } from "../engine/mod.ts";

const LF = 0x0a;
const CR = 0x0d;
const CARRIAGE_RETURN = Uint8Array.of(CR);
const CARRIAGE_RETURN_LINE_FEED = Uint8Array.of(CR, LF);
const NO_BYTES = new Uint8Array(0);
const FIRST_BYTES = 256;
/** A carry larger than this is given back once its line is done. */
const CARRY_KEPT = 64 * 1024;

/** What is needed of a sink. */
export type LinesSink = Pick<ByteSink, "write" | "cut" | "end" | "abandon">;

/**
 * Lets several connections share a sink that reads one stream: after each call the sink is at the beginning of a line, so lines of
 * different connections never mix. What is unfinished is kept here, up to the length at which the sink cuts a line; of what is
 * more only the number of bytes is kept.
 */
export class WholeLines {
  readonly #sink: LinesSink;
  readonly #most: number;
  #carry: Uint8Array = NO_BYTES;
  /** Bytes of the unfinished line that are in the carry, and those that are not any more. */
  #kept = 0;
  #cut = 0;
  /** A carriage return has come, and whether a line feed belongs to it is not known yet. */
  #isAfterReturn = false;

  /** `maxLineLength` is the sink's. */
  constructor(sink: LinesSink, maxLineLength: number) {
    this.#sink = sink;
    // One byte more has the sink see that there was more.
    this.#most = maxLineLength + 1;
  }

  /** Takes the next bytes; the chunk may be reused after the call. */
  write(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    const from = this.#isAfterReturn ? this.#endAtReturn(chunk[0] === LF) : 0;
    const end = endOfLines(chunk);
    if (end <= from) {
      this.#keep(chunk, from);
      return;
    }
    this.#flush();
    this.#sink.write(from === 0 && end === chunk.length ? chunk : chunk.subarray(from, end));
    // A line feed that comes next is another connection's.
    if (chunk[end - 1] === CR) this.#sink.end();
    this.#keep(chunk, end);
  }

  /** The connection is over: an unfinished line is a line. */
  end(): void {
    if (this.#isAfterReturn) {
      this.#endAtReturn(false);
    } else if (this.#kept > 0) {
      this.#flush();
      this.#sink.end();
    }
  }

  /** The connection broke: an unfinished line is lost, and said to be. */
  abandon(): void {
    if (this.#isAfterReturn) {
      this.#endAtReturn(false);
    } else if (this.#kept > 0) {
      this.#flush();
      this.#sink.abandon();
    }
  }

  /** The line is over; gives how many bytes of the next chunk belong to its end. */
  #endAtReturn(hasLineFeed: boolean): number {
    this.#isAfterReturn = false;
    this.#flush();
    this.#sink.write(hasLineFeed ? CARRIAGE_RETURN_LINE_FEED : CARRIAGE_RETURN);
    if (!hasLineFeed) this.#sink.end();
    return hasLineFeed ? 1 : 0;
  }

  #flush(): void {
    if (this.#kept > 0) this.#sink.write(this.#carry.subarray(0, this.#kept));
    if (this.#cut > 0) this.#sink.cut?.(this.#cut);
    this.#kept = 0;
    this.#cut = 0;
    if (this.#carry.length > CARRY_KEPT) this.#carry = NO_BYTES;
  }

  #keep(chunk: Uint8Array, from: number): void {
    if (from >= chunk.length) return;
    this.#isAfterReturn = chunk[chunk.length - 1] === CR;
    const end = this.#isAfterReturn ? chunk.length - 1 : chunk.length;
    const room = Math.min(end - from, this.#most - this.#kept);
    this.#cut += end - from - room;
    if (room === 0) return;
    this.#reserve(this.#kept + room);
    this.#carry.set(chunk.subarray(from, from + room), this.#kept);
    this.#kept += room;
  }

  #reserve(size: number): void {
    if (size <= this.#carry.length) return;
    const grown = new Uint8Array(Math.min(this.#most, Math.max(FIRST_BYTES, size, this.#carry.length * 2)));
    grown.set(this.#carry.subarray(0, this.#kept));
    this.#carry = grown;
  }
}

/** Where the last line that is over ends; 0 where none is. A carriage return at the very end may be half of a line end. */
function endOfLines(chunk: Uint8Array): number {
  const lineFeed = chunk.lastIndexOf(LF) + 1;
  return lineFeed + chunk.subarray(lineFeed, chunk.length - 1).lastIndexOf(CR) + 1;
}
