/** The library: what `import … from "sluice"` gives. @module */

import { systemClock } from "./clock.ts";
import { StreamingContext as Engine, type DStream } from "./engine/mod.ts";
import { SocketReader } from "./sources/mod.ts";

export { add, pair, pyList, split } from "./engine/mod.ts";
export type { ContextOptions, DStream, MicroBatch, RDD, Receiver } from "./engine/mod.ts";

/** Spark's StreamingContext, with the sources that need a machine to run on. */
export class StreamingContext extends Engine {
  /** Lines of a TCP server, read as Spark's socket receiver reads them: with a new connection every 2 s, without end. */
  socketTextStream(host: string, port: number): DStream<string> {
    return this.lines(new SocketReader({ clock: systemClock, host, port }));
  }
}
