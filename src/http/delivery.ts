/** Brings a session's batches to its followers: each is a place in the log, and reads on whenever its socket has room. @module */

import { every, type Cancel, type Clock } from "../clock.ts";
import { SluiceError } from "../errors.ts";
import { HIGH_WATER_BYTES, type Connection } from "../runtime.ts";
import { entryAt, isGap, type Session } from "../sessions/mod.ts";
import { Encoded } from "./encoded.ts";
import type { EventName, Framing } from "./framing.ts";
import { endJson, gapJson, headJson, helloJson, stateJson, type Place } from "./wire.ts";

const HEAD_EVERY_MS = 15_000;
const PING_EVERY_MS = 25_000;
const PONG_WITHIN_MS = 8000;
/** A connection that has taken nothing for this long while more was waiting is let go. */
const STALLED_AFTER_MS = 30_000;

/** How a follower wants to be written to. */
export interface Manner {
  readonly framing: Framing;
  readonly top: number;
}

/** One follower: a connection and a place in the log. */
export interface Follower {
  readonly connection: Connection;
  readonly encoded: Encoded;
  /** Number of the next batch it gets. */
  next: number;
  /** When its socket was found full and took nothing since, on the monotonic clock; undefined while it has room. */
  fullSince: number | undefined;
  /** What was buffered then. */
  fullBytes: number;
  awaitingPong: boolean;
}

/** The followers of one session. */
export class Delivery {
  readonly #session: Session;
  readonly #clock: Clock;
  readonly #followers = new Set<Follower>();
  readonly #encodings = new Map<Framing, Map<number, Encoded>>();
  #cancels: readonly Cancel[] = [];
  #cancelPongs: Cancel = () => {};

  constructor(session: Session, clock: Clock) {
    this.#session = session;
    this.#clock = clock;
  }

  get size(): number {
    return this.#followers.size;
  }

  /** Refuses one more follower than `maxFollowers`; to be asked before a connection is opened. */
  mustHaveRoom(maxFollowers: number): void {
    if (this.size < maxFollowers) return;
    const message = `Cannot follow session ${this.#session.id}: ${this.size} do, and maxFollowers is ${maxFollowers}`;
    throw new SluiceError("too_many_followers", message);
  }

  /** Says hello and begins to deliver. */
  join(connection: Connection, manner: Manner, from: Place): Follower {
    const follower: Follower = {
      connection,
      encoded: this.#encodingOf(manner),
      next: from.beginning.next,
      fullSince: undefined,
      fullBytes: 0,
      awaitingPong: false,
    };
    if (this.#followers.size === 0) this.#wakeUp();
    this.#followers.add(follower);
    follower.encoded.users++;
    this.resume(follower, from);
    return follower;
  }

  /** Says hello, again, and goes on from another place. */
  resume(follower: Follower, place: Place): void {
    // A client may ask while its end is under way.
    if (!this.#followers.has(follower)) return;
    this.#say(follower, "hello", helloJson(this.#session, place, this.#clock.now()));
    this.#say(follower, "state", stateJson(this.#session));
    follower.next = place.beginning.next;
    this.#pump(follower);
  }

  /** The follower's connection is over. */
  leave(follower: Follower): void {
    if (!this.#followers.delete(follower)) return;
    const { encoded } = follower;
    encoded.users--;
    if (encoded.users === 0) this.#encodings.get(encoded.framing)?.delete(encoded.top);
    if (this.#followers.size > 0) return;
    for (const cancel of this.#cancels) cancel();
    this.#cancelPongs();
  }

  /** The follower's connection has room again. */
  drained(follower: Follower): void {
    if (follower.fullSince !== undefined) this.#pump(follower);
  }

  #wakeUp(): void {
    const { log } = this.#session;
    this.#cancels = [
      log.onAppend(() => this.#pumpAll()),
      this.#session.watch(() => this.#stateChanged()),
      every(this.#clock, HEAD_EVERY_MS, () => this.#heartbeat()),
      every(this.#clock, PING_EVERY_MS, () => this.#ping()),
    ];
  }

  /** Writes what there is for a follower until its socket is full, it has all, or all is over. */
  #pump(follower: Follower): void {
    const { connection, encoded } = follower;
    const { log } = this.#session;
    while (connection.buffered < HIGH_WATER_BYTES) {
      follower.fullSince = undefined;
      const entry = entryAt(log, follower.next);
      if (entry === undefined) {
        if (this.#session.isOver) this.#end(follower);
        return;
      }
      // The place moves first: a write can lead back here.
      if (isGap(entry)) {
        follower.next = entry.to + 1;
        this.#say(follower, "gap", gapJson(log, entry));
      } else {
        follower.next = entry.seq + 1;
        connection.write(encoded.batch(entry));
      }
    }
    follower.fullSince ??= this.#clock.elapsed();
    follower.fullBytes = connection.buffered;
  }

  #pumpAll(): void {
    for (const follower of this.#followers) if (follower.fullSince === undefined) this.#pump(follower);
  }

  #stateChanged(): void {
    const state = stateJson(this.#session);
    for (const follower of this.#followers) {
      if (follower.fullSince !== undefined) continue;
      this.#say(follower, "state", state);
      this.#pump(follower);
    }
  }

  #end(follower: Follower): void {
    this.#say(follower, "end", endJson(this.#session));
    this.leave(follower);
    const goingAway = this.#session.endReason === "shutdown";
    follower.connection.end(goingAway ? 1001 : 1000, this.#session.endReason ?? "");
  }

  #heartbeat(): void {
    const head = headJson(this.#session.log);
    for (const follower of this.#followers) {
      if (follower.fullSince === undefined) this.#say(follower, "head", head);
      else this.#watchFull(follower, follower.fullSince);
    }
  }

  /** A slow connection is waited for; a dead one is not. Not every runtime tells at once that there is room again. */
  #watchFull(follower: Follower, fullSince: number): void {
    const { connection, fullBytes } = follower;
    if (connection.buffered < fullBytes) {
      follower.fullSince = undefined;
      this.#pump(follower);
    } else if (this.#clock.elapsed() - fullSince >= STALLED_AFTER_MS) {
      connection.terminate();
    }
  }

  #ping(): void {
    const asked = [...this.#followers].filter(({ connection }) => connection.ping !== undefined);
    for (const follower of asked) {
      follower.awaitingPong = true;
      follower.connection.ping?.();
    }
    this.#cancelPongs = this.#clock.after(PONG_WITHIN_MS, () => {
      for (const follower of asked) {
        if (follower.awaitingPong && this.#followers.has(follower)) follower.connection.terminate();
      }
    });
  }

  #say({ connection, encoded }: Follower, name: EventName, data: object): void {
    const bytes = encoded.event(name, data);
    if (bytes !== undefined) connection.write(bytes);
  }

  #encodingOf({ framing, top }: Manner): Encoded {
    let byTop = this.#encodings.get(framing);
    if (byTop === undefined) this.#encodings.set(framing, (byTop = new Map<number, Encoded>()));
    let encoded = byTop.get(top);
    if (encoded === undefined) byTop.set(top, (encoded = new Encoded(framing, top)));
    return encoded;
  }
}
