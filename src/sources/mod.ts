/** Where bytes come from. @module */

import type { Clock } from "../clock.ts";
import type { Limits, OpenSource } from "../sessions/mod.ts";
import { noteLimit } from "./descriptors.ts";
import { EmitterSource } from "./emitter_source.ts";
import { ListenSource } from "./listen_source.ts";
import { messagesOf, readMessages } from "./messages.ts";
import { dnsResolve, type Resolve } from "./names.ts";
import { PortRange } from "./port_range.ts";
import { PushSource } from "./push_source.ts";
import { SocketSource } from "./socket_source.ts";
import { Targets } from "./targets.ts";

export { Emitter, type EmitterEvent, type EmitterOptions } from "./emitter.ts";
export { LoadEmitter } from "./load_emitter.ts";
export { DEFAULT_MESSAGES, readMessages } from "./messages.ts";
export { SocketReader } from "./socket.ts";
export { SpokenReader } from "./spoken_reader.ts";

/** What sources are made with. */
export interface SourcesParts {
  readonly clock: Clock;
  readonly limits: Limits;
  /** Emitters read files of this folder only. */
  readonly folder: string;
  /** Whether who asks is on this machine: then every TCP server of it may be read from. */
  readonly allowOwnMachine: boolean;
  /** Which other servers may be, each `ADDRESS/BITS:PORT`. */
  readonly allowSource?: readonly string[];
  /** Default: DNS. */
  readonly resolve?: Resolve;
  /** Addresses, beside this machine's own, that may be listened on. */
  readonly allowListen?: readonly string[];
  /** `FIRST-LAST`: the ports of who may have any. */
  readonly ports?: string;
  /** File descriptors this process may have, if that is known. */
  readonly maxDescriptors?: number | undefined;
}

/** Makes each kind of source. A new kind is one more case here and one more schema in `sessions/spec.ts`. */
export function sourceOpener(parts: SourcesParts): OpenSource {
  const { clock, folder, limits, allowOwnMachine, allowListen = [] } = parts;
  const ports = new PortRange(parts.ports);
  const targets = new Targets(parts.allowSource);
  const resolve = parts.resolve ?? dnsResolve();
  noteLimit(parts.maxDescriptors);
  return async (spec, already) => {
    if (spec.type === "socket") return new SocketSource(spec, { clock, allowOwnMachine, targets, resolve, limits });
    if (spec.type === "listen") return new ListenSource(spec, { clock, ports, allowListen, limits });
    if (spec.type === "push") return new PushSource({ clock, limits });
    const { lines, file } = spec;
    const messages = lines === undefined ? await readMessages(folder, file) : messagesOf(lines, "source.lines");
    return new EmitterSource({ spec, messages, clock, ports, already });
  };
}
