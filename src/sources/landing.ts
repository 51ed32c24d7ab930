/** Where a socket's reads land: in the sink's own memory where it has some, so that nothing is copied. @module */

import type { OnReadOpts } from "node:net";
import type { ByteSink } from "../engine/mod.ts";
import type { Timetable } from "../timetable.ts";

/** Reads larger than a stream's 64 KiB cost fewer calls; it is shared, as each read is taken before the next. */
const shared = { buffer: undefined as Uint8Array | undefined };
const SHARED_BYTES = 1 << 18;

/** Who reads. */
interface Reading {
  /** Where its bytes go; undefined: nowhere any more. */
  readonly sink: ByteSink | undefined;
}

/**
 * `connect`'s `onread` for a reader. Thousands of sockets can be ready at once, and timers wait until all have been read: what is
 * due at an exact time is done between two reads.
 * Node, Deno and Bun ask for the buffer before each read, so it may be another each time.
 */
export function landIn(reading: Reading, timetable: Timetable): OnReadOpts {
  return {
    buffer: () => reading.sink?.buffer?.() ?? (shared.buffer ??= new Uint8Array(SHARED_BYTES)),
    callback(size, buffer) {
      timetable.catchUp();
      const { sink } = reading;
      // The sink may have moved since this read was prepared.
      if (buffer === sink?.buffer?.()) sink.wrote?.(size);
      else sink?.write(buffer.subarray(0, size));
      return true;
    },
  };
}
