/** A process of the service without a network: sessions, their log on a simulated disk, their followers. @module */

import type { Cancel, Clock } from "../../src/clock.ts";
import { Delivery } from "../../src/http/delivery.ts";
import { DeliveryMeasures } from "../../src/http/delivery_measures.ts";
import { webSocketFraming } from "../../src/http/framing.ts";
import { HIGH_WATER_BYTES, type Connection } from "../../src/runtime.ts";
import { begin, DEFAULT_LIMITS, parseCursor, Sessions, type Limits, type Session } from "../../src/sessions/mod.ts";
import { DurableStore } from "../../src/storage/sqlite/store.ts";
import type { RowReader, Writer } from "../../src/storage/sqlite/rows.ts";
import { HandSource } from "../support/bytes.ts";
import { hashing } from "../support/sessions.ts";

/** Each frame counts for so many bytes, so that a connection is full after three. */
const FRAME_BYTES = 100_000;

/** What a process stands on. */
export interface Ground {
  readonly clock: Clock;
  readonly writer: Writer;
  readonly reader: RowReader;
  readonly limits: Partial<Limits>;
}

/** Timers of a process that is dead do not fire. */
class MortalClock implements Clock {
  isDead = false;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  elapsed(): number {
    return this.#clock.elapsed();
  }

  after(delayMs: number, run: () => void): Cancel {
    return this.#clock.after(delayMs, () => this.#run(run));
  }

  at(time: number, run: () => void): Cancel {
    return this.#clock.at(time, () => this.#run(run));
  }

  #run(run: () => void): void {
    if (!this.isDead) run();
  }
}

/** A connection whose other side takes frames when it likes. */
export class Line implements Connection {
  readonly frames: string[] = [];
  isOpen = true;
  /** Told when there is room again, and when the other side is gone. */
  onTaken: () => void = () => {};
  onGone: () => void = () => {};

  write(bytes: Uint8Array): boolean {
    if (this.isOpen) this.frames.push(new TextDecoder().decode(bytes));
    return this.buffered < HIGH_WATER_BYTES;
  }

  get buffered(): number {
    return this.frames.length * FRAME_BYTES;
  }

  end(): void {
    this.isOpen = false;
  }

  terminate(): void {
    this.frames.length = 0;
    this.isOpen = false;
  }

  take(): string | undefined {
    const frame = this.frames.shift();
    this.onTaken();
    return frame;
  }
}

/** Runs one session; begins with what the rows say. */
export class Process {
  readonly source: HandSource = new HandSource();
  readonly sessions: Sessions;
  session: Session | undefined;
  readonly #clock: MortalClock;
  #delivery: Delivery | undefined;

  constructor({ clock, writer, reader, limits }: Ground) {
    this.#clock = new MortalClock(clock);
    const all = { ...DEFAULT_LIMITS, ...limits };
    this.sessions = new Sessions({
      clock: this.#clock,
      limits: all,
      openSource: () => Promise.resolve(this.source),
      store: new DurableStore({ writer, reader, clock: this.#clock, hashing, limits: all }),
    });
  }

  /** Goes on with the session of before. */
  async restore(): Promise<void> {
    await this.sessions.restore();
    this.use(this.sessions.all()[0]);
  }

  use(session: Session | undefined): void {
    this.session = session;
    this.#delivery = session && new Delivery(session, this.#clock, { measures: new DeliveryMeasures() });
  }

  /** A client comes, with the cursor it has. */
  connect(cursor: string | undefined): Line | undefined {
    if (this.session === undefined || this.#delivery === undefined) return undefined;
    const { log } = this.session;
    const asked = cursor === undefined ? null : parseCursor(cursor, "after");
    const beginning = begin(log, asked === null ? { since: "earliest" } : { after: asked });
    const line = new Line();
    const delivery = this.#delivery;
    const follower = delivery.join(
      line,
      { framing: webSocketFraming, top: Infinity, slowness: { policy: "gap", maxLag: 1 }, address: null },
      { beginning, asked },
    );
    line.onTaken = () => delivery.drained(follower);
    line.onGone = () => delivery.leave(follower);
    return line;
  }

  /** It is gone from one moment to the next. */
  kill(): void {
    this.#clock.isDead = true;
  }
}
