/** Where a socket's reads land: in the sink's own memory where it has some, so that nothing is copied. @module */

import type { OnReadOpts } from "node:net";
import type { Clock } from "../clock.ts";
import type { ByteSink } from "../engine/mod.ts";
import { timetableOf } from "../timetable.ts";
import type { Backpressure } from "./backpressure.ts";
import { ReadingTurns } from "./turns.ts";

/** Reads larger than a stream's 64 KiB cost fewer calls; it is shared, as each read is taken before the next. */
const shared = { buffer: undefined as Uint8Array | undefined };
const SHARED_BYTES = 1 << 18;
/** How often a reader that is held looks whether it may go on. */
const HELD_MS = 5;
/** The process has one event loop. */
const turns = new ReadingTurns();

/** Who reads. */
interface Reading {
  /** Where its bytes go; undefined: nowhere any more. */
  readonly sink: ByteSink | undefined;
}

/** One connection's reads. */
export interface Landing {
  readonly clock: Clock;
  readonly reader: Reading;
  readonly backpressure: Backpressure;
  /** Reads on after a pause. */
  readonly resume: () => void;
}

/**
 * One connection's share of each turn of the event loop. Thousands of sockets can be ready at once, and timers wait until all
 * have been read: what is due at an exact time is done between two reads.
 */
export class Share {
  readonly #landing: Landing;
  readonly #timetable: ReturnType<typeof timetableOf>;
  readonly #goOn = (): void => this.#resume();
  #spentMs = 0;
  #beganAt = 0;

  constructor(landing: Landing) {
    this.#landing = landing;
    this.#timetable = timetableOf(landing.clock);
  }

  /** What has been read is about to be taken. */
  begin(): void {
    this.#timetable.catchUp();
    this.#beganAt = this.#landing.clock.elapsed();
  }

  /** It has been taken, and was all there was or not. False: the connection is to read no more until it is resumed. */
  mayReadOn(isFull: boolean): boolean {
    const { clock, backpressure } = this.#landing;
    const now = clock.elapsed();
    this.#spentMs += now - this.#beganAt;
    const isHeld = this.#isHeld();
    backpressure.read(now, isFull || isHeld);
    return turns.mayReadOn(isHeld ? Infinity : this.#spentMs, this.#goOn);
  }

  #isHeld(): boolean {
    return this.#landing.reader.sink?.isBehind?.() ?? false;
  }

  #resume(): void {
    const { clock, resume } = this.#landing;
    if (this.#isHeld()) {
      clock.after(HELD_MS, this.#goOn);
      return;
    }
    this.#spentMs = 0;
    resume();
  }
}

/** `connect`'s `onread` for a reader. Node, Deno and Bun ask for the buffer before each read, so it may be another each time. */
export function landIn(landing: Landing): OnReadOpts {
  const { reader } = landing;
  const share = new Share(landing);
  return {
    buffer: () => reader.sink?.buffer?.() ?? (shared.buffer ??= new Uint8Array(SHARED_BYTES)),
    callback(size, buffer) {
      share.begin();
      const { sink } = reader;
      const isFull = size === buffer.length;
      // The sink may have moved since this read was prepared.
      if (buffer === sink?.buffer?.()) sink.wrote?.(size);
      else sink?.write(buffer.subarray(0, size));
      return share.mayReadOn(isFull);
    },
  };
}
