/** Says random lines one at a time. @module */

import type { Clock } from "../clock.ts";
import { Appointment, timetableOf } from "../timetable.ts";
import { Audience } from "./audience.ts";
import type { PortRange } from "./port_range.ts";
import { drawAfter, randomSeed } from "./random.ts";

/** A client that leaves more than this many bytes unread is let go. */
const MAX_UNREAD_BYTES = 1024 * 1024;

const CLIENTS_AT_ONCE = 64;

/** What an emitter says, where and how often. */
export interface EmitterOptions {
  readonly clock: Clock;
  readonly messages: readonly string[];
  readonly host: string;
  /** 0: any of {@link ports}. */
  readonly port: number;
  readonly ports?: PortRange | undefined;
  readonly intervalMs: number;
  readonly seed?: number | undefined;
  /** Ends after this many lines; default never. */
  readonly maxLines?: number | undefined;
  /** What was sent before, with the same seed: it goes on after that. Default nothing. */
  readonly already?: { readonly lines: number; readonly bytes: number } | undefined;
  /** Called with each line sent, and with each client that comes or goes. */
  readonly onEvent?: (event: EmitterEvent) => void;
}

/** Something an emitter did. */
export type EmitterEvent = { readonly sent: string } | { readonly clients: number };

/**
 * Sends one random line at every interval to all who are connected, the first at once to the first of them. While nobody
 * is connected nothing is said, so a seed gives the same lines to whoever connects first.
 */
export class Emitter {
  readonly seed: number;
  readonly sent: { lines: number; bytes: number };
  readonly #options: EmitterOptions;
  readonly #audience: Audience;
  readonly #next: Appointment = new Appointment(() => this.#say());

  constructor(options: EmitterOptions) {
    this.#options = options;
    this.seed = options.seed ?? randomSeed();
    const { lines, bytes } = options.already ?? { lines: 0, bytes: 0 };
    this.sent = { lines, bytes };
    const { clock, host, port, ports } = options;
    this.#audience = new Audience({ clock, host, port, ports, onCome: () => this.#come(), onGo: () => this.#go() });
  }

  /** The port listened on; before {@link listen} the one asked for. */
  get port(): number {
    return this.#audience.port;
  }

  /** Resolves when it has been closed, or has finished, and everyone is gone. */
  get ended(): Promise<void> {
    return this.#audience.ended;
  }

  get clients(): number {
    return this.#audience.clients.size;
  }

  /** Whether `maxLines` have been sent. */
  get finished(): boolean {
    return this.sent.lines >= (this.#options.maxLines ?? Infinity);
  }

  listen(): Promise<void> {
    return this.#audience.listen();
  }

  /** Says no more, lets everyone read what was said, and listens no more; resolves when everyone is gone. */
  close(): Promise<void> {
    this.#pause();
    return this.#audience.close();
  }

  #come(): void {
    this.#options.onEvent?.({ clients: this.clients });
    // Whoever comes later hears what the others do.
    if (this.finished) void this.close();
    else if (this.clients === 1) this.#speakAt(Math.max(this.#next.at, this.#options.clock.elapsed()));
  }

  #go(): void {
    this.#options.onEvent?.({ clients: this.clients });
    if (this.clients === 0) this.#pause();
  }

  #pause(): void {
    timetableOf(this.#options.clock).unset(this.#next);
  }

  #speakAt(time: number): void {
    timetableOf(this.#options.clock).set(this.#next, time);
  }

  #say(): void {
    const { messages, intervalMs, clock } = this.#options;
    const message = messages[Math.floor(drawAfter(this.sent.lines, this.seed) * messages.length)] ?? "";
    const bytes = Buffer.from(`${message}\n`);
    this.sent.lines++;
    this.sent.bytes += bytes.length;
    let written = 0;
    for (const socket of this.#audience.clients) {
      // Many clients take long: what is due at an exact time need not wait for all of them.
      if (written++ % CLIENTS_AT_ONCE === 0) timetableOf(clock).catchUp();
      socket.write(bytes);
      if (socket.writableLength > MAX_UNREAD_BYTES) socket.destroy();
    }
    this.#options.onEvent?.({ sent: message });
    if (this.finished) {
      void this.close();
      return;
    }
    // From the time it was due, so that it does not drift; a stall is not made up for.
    const due = this.#next.at + intervalMs;
    this.#speakAt(due < clock.elapsed() ? clock.elapsed() + intervalMs : due);
  }
}
