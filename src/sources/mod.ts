/** Where bytes come from. @module */

import type { Clock } from "../clock.ts";
import { SluiceError } from "../errors.ts";
import type { OpenSource } from "../sessions/mod.ts";
import { learnLimit } from "./descriptors.ts";
import { EmitterSource } from "./emitter_source.ts";
import { messagesOf, readMessages } from "./messages.ts";
import { SocketSource } from "./socket_source.ts";

export { Emitter, type EmitterEvent, type EmitterOptions } from "./emitter.ts";
export { LoadEmitter } from "./load_emitter.ts";
export { DEFAULT_MESSAGES, readMessages } from "./messages.ts";
export { SocketReader } from "./socket.ts";
export { SpokenReader } from "./spoken_reader.ts";

/** What sources are made with. */
export interface SourcesParts {
  readonly clock: Clock;
  /** Emitters read files of this folder only. */
  readonly folder: string;
  /** Whether sessions may read from TCP servers of this machine. */
  readonly allowSocket: boolean;
}

/** Makes each kind of source. A new kind is one more case here and one more schema in `sessions/spec.ts`. */
export function sourceOpener({ clock, folder, allowSocket }: SourcesParts): OpenSource {
  let learnt: Promise<void> | undefined;
  return async (spec, already) => {
    await (learnt ??= learnLimit());
    if (spec.type === "emitter") {
      const messages =
        spec.lines === undefined ? await readMessages(folder, spec.file) : messagesOf(spec.lines, "source.lines");
      return new EmitterSource({ spec, messages, clock, already });
    }
    if (!allowSocket) {
      const message =
        "Cannot read from a TCP server: this service listens beyond its machine, where that is not allowed";
      throw new SluiceError("source_forbidden", message);
    }
    return new SocketSource(spec, clock);
  };
}
