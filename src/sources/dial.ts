/** How a reader gets to a server that its operator has allowed, and no further. @module */

import type { Socket } from "node:net";
import { whenIdle, type Cancel, type Clock, type Silence } from "../clock.ts";
import { familyOf } from "../networks.ts";
import type { Resolve } from "./names.ts";
import { isHost, type Targets } from "./targets.ts";

/** A name with more addresses is not somebody's server. */
const MOST_ADDRESSES = 16;
/** A connection that is kept but says nothing is asked for a sign of life by TCP. */
const KEEP_ALIVE_MS = 30_000;

/** What a dial is made of. */
interface DialParts {
  readonly host: string;
  readonly port: number;
  readonly targets: Targets;
  readonly resolve: Resolve;
  /** After so many ms without a byte the connection is given up. */
  readonly idleMs: number;
}

/**
 * Looks a name up itself, at each try anew, wants every address allowed, and gives the one to connect to; so what was
 * checked is what is connected to, whatever a name server says next. Failures look all alike and are told at the same
 * time after the try has begun, so that nobody learns from them what there is behind an address.
 */
export class Dial {
  /** After the beginning of a try: until then it must have connected, and before that nothing is told of it. */
  readonly withinMs = 3000;
  readonly why = "it cannot be reached, or may not be read from";
  readonly #parts: DialParts;
  #tries = 0;

  constructor(parts: DialParts) {
    this.#parts = parts;
  }

  /** The address of this try, as a literal; rejects where there is none that may be read from. */
  async address(): Promise<string> {
    const { host, port, targets, resolve } = this.#parts;
    if (!isHost(host)) throw new Error("it is no name or address");
    const addresses = familyOf(host) === undefined ? await resolve(host) : [host];
    const areAllowed = addresses.every((address) => targets.allow(address, port));
    const address = addresses[this.#tries++ % addresses.length];
    if (address === undefined || addresses.length > MOST_ADDRESSES || !areAllowed)
      throw new Error("it may not be read from");
    return address;
  }

  /** Whether what has been connected to may be read from. */
  admits(remoteAddress: string | undefined): boolean {
    return this.#parts.targets.allow(remoteAddress ?? "", this.#parts.port);
  }

  /** Lets go of a peer that is there no more, or says nothing any more. */
  watch(socket: Socket, clock: Clock, silence: Pick<Silence, "saidAt" | "isHeld">): Cancel {
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    const onIdle = (): void => void socket.destroy(new Error("it said nothing for too long"));
    return whenIdle(clock, { ...silence, limitMs: this.#parts.idleMs, onIdle });
  }
}
