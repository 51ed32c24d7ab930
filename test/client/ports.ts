/** The client with time by hand. @module */

import type { FollowOptions, Link, StreamEvent } from "../../src/client/events.ts";
import { followOn } from "../../src/client/follow.js";
import { systemPorts, type Ports } from "../../src/client/ports.js";
import { ManualClock, settle } from "../support/manual_clock.ts";

/** For what nothing announces: how often to look, and how long, in ms, on a machine that has much else to do. */
export const PATIENCE: { readonly interval: number; readonly timeout: number } = { interval: 10, timeout: 30_000 };

/** Half of what it may be, always. */
const HALF = 0.5;

/** Ports with a clock by hand, and no chance. */
export function portsByHand(changed: Partial<Ports> = {}): Ports & { clock: ManualClock } {
  return {
    ...systemPorts,
    WebSocket: systemPorts.WebSocket,
    tabs: undefined,
    random: () => HALF,
    clock: new ManualClock(),
    ...changed,
  } as Ports & { clock: ManualClock };
}

/** A loop over a session that runs by itself. */
export class Loop {
  readonly events: StreamEvent[] = [];
  readonly links: Link[] = [];
  readonly ports: Ports;
  /** Resolves with what the loop threw, or undefined at its end. */
  readonly over: Promise<unknown>;
  readonly #stop = new AbortController();
  #changed = Promise.withResolvers<void>();

  constructor(ports: Ports, url: string, options: FollowOptions = {}) {
    this.ports = ports;
    const onState = (link: Link): void => {
      this.links.push(link);
      this.#wake();
    };
    const events = followOn(ports, url, { since: "earliest", signal: this.#stop.signal, onState, ...options });
    this.over = this.#run(events);
  }

  /** Numbers of the batches so far. */
  get seqs(): number[] {
    return this.events.flatMap((event) => (event.type === "batch" ? [event.seq] : []));
  }

  /** The last thing that was told of the connection. */
  get link(): Link | undefined {
    return this.links.at(-1);
  }

  /** Resolves when this is so. */
  async until(isSo: (loop: this) => boolean): Promise<void> {
    while (!isSo(this)) await this.#changed.promise;
  }

  stop(): Promise<unknown> {
    this.#stop.abort(new Error("stopped by the test"));
    return this.over;
  }

  async #run(events: AsyncIterable<StreamEvent>): Promise<unknown> {
    try {
      for await (const event of events) {
        this.events.push(event);
        this.#wake();
      }
      return undefined;
    } catch (failure) {
      return failure;
    } finally {
      this.#wake();
      await settle();
    }
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
