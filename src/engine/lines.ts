/** Bytes -> lines, cut anywhere, bounded. @module */

const LF = 0x0a;
const CR = 0x0d;
/** A carry larger than this is given back once its line is done. */
const CARRY_KEPT = 64 * 1024;
const NO_BYTES = new Uint8Array(0);
/** Nothing was cut away. */
const NO_LOSS: Readonly<Dropped> = { lines: 0, bytes: 0 };

/** Takes lines as places in a buffer, which is only valid during the call. */
export interface LineSink {
  line(bytes: Uint8Array, start: number, end: number): void;
}

/** What was cut away: lines that lost bytes, and the bytes they lost. */
export interface Dropped {
  lines: number;
  bytes: number;
}

/** What came of a stream's bytes, besides its lines. */
export interface LineStats {
  readonly lines: number;
  readonly dropped: Readonly<Dropped>;
}

/** A line whose end has not come, and whether a line feed that comes now belongs to the line end before it. */
export interface Unfinished {
  /** The bytes of it that are kept; valid until the next call. */
  readonly bytes: Uint8Array;
  /** How many bytes there were. */
  readonly length: number;
  readonly skipLineFeed: boolean;
}

/** Reads a byte stream as lines. */
export interface LineReader {
  /** Takes the next bytes; the chunk may be reused after the call. */
  write(chunk: Uint8Array): void;
  /** The connection is over: an unfinished line is a line. */
  end(): void;
  /** Reading stops in the midst of a line: what there is of it is dropped, and said to be. */
  abandon(): void;
  /** What came since the last call. */
  take(): LineStats;
  /** Gives up the unfinished line, for another reader to go on with. */
  handOver(): Unfinished;
  /** Goes on for another reader; nothing may have come before. */
  resume(unfinished: Unfinished): void;
}

/** Default of {@link LineDecoder}'s `maxLineLength`, in bytes. */
export const MAX_LINE_LENGTH: number = 1024 * 1024;

/**
 * Splits a byte stream into lines as Java's `BufferedReader.readLine` does, and so Spark's socket receiver: `\n`, `\r`
 * and `\r\n` end a line, a lone `\r` at once; blank lines count; the last line needs no end but {@link end}.
 * A line longer than `maxLineLength` bytes is cut there, at a character's boundary, and what it lost is told in
 * {@link dropped}. No line is ever allocated: one whole in a chunk is passed on in place.
 */
export class LineDecoder implements LineReader {
  /** Lines passed on so far. */
  lines = 0;
  /** What over-long lines lost so far. */
  readonly dropped: Dropped = { lines: 0, bytes: 0 };
  readonly #sink: LineSink;
  readonly #maxLineLength: number;
  #carry: Uint8Array = NO_BYTES;
  /** Bytes of the unfinished line that are in the carry. */
  #kept = 0;
  /** Bytes of the unfinished line, kept or not. */
  #length = 0;
  #skipLineFeed = false;

  constructor(sink: LineSink, maxLineLength: number = MAX_LINE_LENGTH) {
    this.#sink = sink;
    this.#maxLineLength = maxLineLength;
  }

  write(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    let start = this.#skipLineFeed && chunk[0] === LF ? 1 : 0;
    this.#skipLineFeed = false;
    // A plain loop: lines are short, and a native search costs more to call than it saves.
    const { length } = chunk;
    for (let i = start; i < length; i++) {
      const byte = chunk[i] as number;
      if (byte > CR || (byte !== LF && byte !== CR)) continue;
      this.#finish(chunk, start, i);
      if (byte === CR) i += this.#lineFeedAfter(chunk, i + 1);
      start = i + 1;
    }
    if (start < chunk.length) this.#keep(chunk, start, chunk.length);
  }

  end(): void {
    this.#skipLineFeed = false;
    if (this.#length > 0) this.#emitCarry();
  }

  abandon(): void {
    this.#skipLineFeed = false;
    if (this.#length === 0) return;
    this.dropped.lines++;
    this.dropped.bytes += this.#length;
    this.#reset();
  }

  take(): LineStats {
    const { dropped } = this;
    const stats = this.soFar();
    this.lines = 0;
    dropped.lines = 0;
    dropped.bytes = 0;
    return stats;
  }

  /** What {@link take} would give. */
  soFar(): LineStats {
    const { lines, dropped } = this;
    return { lines, dropped: dropped.bytes === 0 ? NO_LOSS : { ...dropped } };
  }

  handOver(): Unfinished {
    const bytes = this.#carry.subarray(0, this.#kept);
    const unfinished = { bytes, length: this.#length, skipLineFeed: this.#skipLineFeed };
    this.#skipLineFeed = false;
    this.#carry = NO_BYTES;
    this.#reset();
    return unfinished;
  }

  resume({ bytes, length, skipLineFeed }: Unfinished): void {
    this.#keep(bytes, 0, bytes.length);
    this.#length = length;
    this.#skipLineFeed = skipLineFeed;
  }

  /** 1 when the byte at `next` belongs to the line end before it; if it is still to come, it will be skipped. */
  #lineFeedAfter(chunk: Uint8Array, next: number): number {
    this.#skipLineFeed = next === chunk.length;
    return chunk[next] === LF ? 1 : 0;
  }

  #finish(chunk: Uint8Array, start: number, end: number): void {
    if (this.#length === 0 && end - start <= this.#maxLineLength) {
      this.lines++;
      this.#sink.line(chunk, start, end);
      return;
    }
    this.#keep(chunk, start, end);
    this.#emitCarry();
  }

  #keep(chunk: Uint8Array, start: number, end: number): void {
    this.#length += end - start;
    const room = Math.min(end - start, this.#maxLineLength - this.#kept);
    if (room <= 0) return;
    this.#reserve(this.#kept + room);
    this.#carry.set(chunk.subarray(start, start + room), this.#kept);
    this.#kept += room;
  }

  #reserve(size: number): void {
    if (size <= this.#carry.length) return;
    const grown = new Uint8Array(Math.min(this.#maxLineLength, Math.max(256, size, this.#carry.length * 2)));
    grown.set(this.#carry.subarray(0, this.#kept));
    this.#carry = grown;
  }

  #emitCarry(): void {
    let end = this.#kept;
    if (this.#length > end) {
      end = wholeCharacters(this.#carry, end);
      this.dropped.lines++;
      this.dropped.bytes += this.#length - end;
    }
    this.lines++;
    this.#sink.line(this.#carry, 0, end);
    this.#reset();
  }

  #reset(): void {
    this.#kept = 0;
    this.#length = 0;
    if (this.#carry.length > CARRY_KEPT) this.#carry = NO_BYTES;
  }
}

/** The largest end, `end` or up to 3 bytes less, that does not cut a UTF-8 sequence. */
function wholeCharacters(bytes: Uint8Array, end: number): number {
  for (let back = 1; back <= 3 && back <= end; back++) {
    const byte = bytes[end - back] ?? 0;
    if (byte < 0x80) return end;
    if (byte >= 0xc0) {
      const wanted = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return wanted > back ? end - back : end;
    }
  }
  return end;
}
