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
 * `connect`'s `onread` for a reader. Thousands of sockets can be ready at once, and timers wait until all have been read: what is
 * due at an exact time is done between two reads.
 * Node, Deno and Bun ask for the buffer before each read, so it may be another each time.
 */
export function landIn({ clock, reader, backpressure, resume }: Landing): OnReadOpts {
  const timetable = timetableOf(clock);
  let spentMs = 0;
  const isHeld = (): boolean => reader.sink?.isBehind?.() ?? false;
  const goOn = (): void => {
    if (isHeld()) {
      clock.after(HELD_MS, goOn);
      return;
    }
    spentMs = 0;
    resume();
  };
  return {
    buffer: () => reader.sink?.buffer?.() ?? (shared.buffer ??= new Uint8Array(SHARED_BYTES)),
    callback(size, buffer) {
      timetable.catchUp();
      const { sink } = reader;
      const isFull = size === buffer.length;
      const before = clock.elapsed();
      // The sink may have moved since this read was prepared.
      if (buffer === sink?.buffer?.()) sink.wrote?.(size);
      else sink?.write(buffer.subarray(0, size));
      const now = clock.elapsed();
      spentMs += now - before;
      const held = isHeld();
      backpressure.read(now, isFull || held);
      return turns.mayReadOn(held ? Infinity : spentMs, goOn);
    },
  };
}
