/** Somebody's TCP server as a session's source: Spark's `socketTextStream`. @module */

import type { Clock } from "../clock.ts";
import type { ByteSink } from "../engine/mod.ts";
import { SluiceError } from "../errors.ts";
import { familyOf } from "../networks.ts";
import type { Limits, SocketSpec, Source, SourceStatus } from "../sessions/mod.ts";
import { Dial } from "./dial.ts";
import type { Resolve } from "./names.ts";
import { isOwnMachine, literalOf } from "./own_machine.ts";
import { SocketReader } from "./socket.ts";
import { isHost, type Targets } from "./targets.ts";

/** What it is made with. */
interface SocketSourceParts {
  readonly clock: Clock;
  /** Whether every server of this machine may be read from: who asks is on it. */
  readonly allowOwnMachine: boolean;
  /** Which others may be. */
  readonly targets: Targets;
  readonly resolve: Resolve;
  readonly limits: Pick<Limits, "maxSourceIdleMs">;
}

/** Reads one server. */
export class SocketSource implements Source {
  readonly #spec: SocketSpec;
  readonly #reader: SocketReader;
  #changed: () => void = () => {};

  /** Throws, with `source_forbidden`, where nothing but the address is needed to see that it may not be read from. */
  constructor(spec: SocketSpec, parts: SocketSourceParts) {
    const host = literalOf(spec.host);
    const { port } = spec;
    const { clock, targets, resolve, limits } = parts;
    const isOwn = parts.allowOwnMachine && isOwnMachine(host);
    if (!isOwn) mustBeAllowed(host, port, parts);
    const dial = isOwn ? undefined : new Dial({ host, port, targets, resolve, idleMs: limits.maxSourceIdleMs });
    this.#spec = spec;
    this.#reader = new SocketReader({ clock, host, port, ...(dial && { dial }), onChange: () => this.#changed() });
  }

  get status(): SourceStatus {
    const { host, port } = this.#spec;
    const { connected, lastError, reconnects, backpressure } = this.#reader;
    return { type: "socket", host, port, connected, finished: false, lastError, reconnects, backpressure };
  }

  watch(changed: () => void): void {
    this.#changed = changed;
  }

  start(sink: ByteSink): Promise<void> {
    return this.#reader.start(sink);
  }

  stop(): Promise<void> {
    return this.#reader.stop();
  }
}

/** Of a name no more is said here than that it may be one: where it leads is looked at when it is dialled. */
function mustBeAllowed(host: string, port: number, { targets, allowOwnMachine }: SocketSourceParts): void {
  const isName = familyOf(host) === undefined;
  if (isHost(host) && (isName ? !targets.isEmpty : targets.allow(host, port))) return;
  const own = allowOwnMachine ? "this machine (localhost, 127.0.0.1, ::1)" : "";
  const others = targets.isEmpty ? "" : "what the operator allows (--allow-source), by name or address";
  const may = [own, others].filter((part) => part !== "").join(" and ") || "nothing";
  const message = `Cannot read from ${JSON.stringify(host)}, port ${port}: ${may} may be read from`;
  throw new SluiceError("source_forbidden", message, {
    fields: [{ pointer: "/source/host", detail: `${may} may be read from` }],
  });
}
