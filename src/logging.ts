/** The log of a process: records wait until there is what writes them, as a service listens before it has loaded that. @module */

import type { Log, LogLevel } from "./log.ts";

/** Records that wait; more of them are lost, and that is said. */
const MAX_WAITING = 1000;

/** Where lines go, and how they are wanted there. */
export interface LogSink {
  readonly form: "json" | "text";
  readonly write: (line: string) => void;
}

/** How to write. */
export interface LoggingOptions {
  /** What matters less is left out. */
  readonly level: LogLevel;
  /** Called when there is what writes: Bun takes as long for its standard error as for all else at the start of a service. */
  readonly openSink: () => LogSink;
}

/** What writes: `log_writer.ts` makes one. */
export interface LogWriter {
  readonly log: Log;
  setLevel(level: LogLevel): void;
}

/** Makes what writes. */
export type OpenWriter = (options: LoggingOptions) => LogWriter;

/** Takes records from the beginning. */
export class Logging {
  #options: LoggingOptions;
  #waiting: Parameters<Log>[] = [];
  #lost = 0;
  #writer: LogWriter | undefined;

  constructor(options: LoggingOptions) {
    this.#options = options;
  }

  /** Writes a record, or keeps it until {@link begin}. */
  readonly log: Log = (...record) => {
    if (this.#writer !== undefined) this.#writer.log(...record);
    else if (this.#waiting.length < MAX_WAITING) this.#waiting.push(record);
    else this.#lost++;
  };

  /** What matters less is left out from now on. */
  setLevel(level: LogLevel): void {
    this.#options = { ...this.#options, level };
    this.#writer?.setLevel(level);
  }

  /** Writes what waits, and from then on at once. Again: nothing. */
  begin(open: OpenWriter): void {
    if (this.#writer !== undefined) return;
    this.#writer = open(this.#options);
    for (const record of this.#waiting) this.log(...record);
    if (this.#lost > 0) this.log("warning", "records lost before the log could be written", { records: this.#lost });
    this.#waiting = [];
  }
}
