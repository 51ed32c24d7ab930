/** The library: what `import … from "sluice"` gives. @module */

import { systemClock } from "./clock.ts";
import { StreamingContext as Engine, type ContextOptions as EngineOptions, type DStream } from "./engine/mod.ts";
import { SpokenReader } from "./sources/mod.ts";
import { systemFiles } from "./files/mod.ts";

export { add, pair, pyList, RDD, split, useKernel } from "./engine/mod.ts";
export type { BatchInfo, DStream, MapWithStateDStream, MicroBatch, OutputOperationInfo } from "./engine/mod.ts";
export type { Receiver, ReceiverInfo, State, StreamingListener } from "./engine/mod.ts";

/** How a context works; only the interval has no default. */
export interface ContextOptions extends EngineOptions {
  /** Takes a line of what a user should know beside the results, such as why no lines arrive. Default: standard error. */
  readonly say?: (line: string) => void;
}

/** Spark's StreamingContext, with the sources that need a machine to run on. */
export class StreamingContext extends Engine {
  readonly #options: ContextOptions;

  constructor(options: ContextOptions) {
    const complete = { files: systemFiles, say: sayOnStandardError, ...options };
    super(complete);
    this.#options = complete;
  }

  /** Lines of a TCP server, read as Spark's socket receiver reads them: with a new connection every 2 s, without end. */
  socketTextStream(host: string, port: number): DStream<string> {
    const { clock = systemClock, batchInterval: silenceMs, say = sayOnStandardError } = this.#options;
    return this.lines(new SpokenReader({ clock, host, port, silenceMs, say }));
  }
}

function sayOnStandardError(line: string): void {
  process.stderr.write(`sluice: ${line}\n`);
}
