/** Brings a session's batches to its followers: each is a place in the log, and reads on whenever its socket has room. @module */

import { every, type Cancel, type Clock } from "../clock.ts";
import { DEFAULT_LIMITS, LIMITS } from "../limits.ts";
import { HIGH_WATER_BYTES, type Connection } from "../runtime.ts";
import { entryAt, isGap, type Session } from "../sessions/mod.ts";
import { closeCodeOf, CLOSE_TOO_SLOW } from "./close_codes.ts";
import { Crowd } from "./crowd.ts";
import type { CutReason, DeliveryMeasures } from "./delivery_measures.ts";
import { Encodings, type Encoded } from "./encoded.ts";
import type { Follower, Manner } from "./follower.ts";
import type { EventName } from "./framing.ts";
import { pingAll } from "./pings.ts";
import { Rounds } from "./rounds.ts";
import { isTooSlow, skippedBy } from "./slowness.ts";
import { visitEach } from "./turns.ts";
import { endJson, gapJson, headJson, helloJson, resetJson, stateJson, type Place } from "./wire.ts";

const HEAD_EVERY_MS = 15_000;
const PING_EVERY_MS = 25_000;
/** A connection that is closed is given this long to take it. */
const CLOSE_WITHIN_MS = 8000;
/** A connection that has taken nothing for this long while more was waiting is let go. */
const STALLED_AFTER_MS = LIMITS.maxStalledMs.value;

/** What a delivery tells of itself. */
export interface DeliveryParts {
  readonly measures: DeliveryMeasures;
  /** The followers of all sessions; by default these alone. */
  readonly crowd?: Crowd;
}

/** Nobody else is followed. */
const ALONE = { limits: () => DEFAULT_LIMITS, descriptors: () => 0 };

/** The followers of one session. */
export class Delivery {
  readonly #session: Session;
  readonly #clock: Clock;
  readonly #crowd: Crowd;
  readonly #measures: DeliveryMeasures;
  readonly #followers = new Set<Follower>();
  readonly #encodings = new Encodings((encoded) => this.#pumpUsers(encoded));
  readonly #rounds: Rounds;
  #cancels: readonly Cancel[] = [];
  #cancelPongs: Cancel = () => {};

  constructor(session: Session, clock: Clock, { measures, crowd = new Crowd(ALONE) }: DeliveryParts) {
    this.#session = session;
    this.#clock = clock;
    this.#crowd = crowd;
    this.#measures = measures;
    const { durations } = measures;
    this.#rounds = new Rounds({ followers: this.#followers, clock, durations, serve: (each) => this.#serve(each) });
  }

  get followers(): Iterable<Follower> {
    return this.#followers;
  }

  get size(): number {
    return this.#followers.size;
  }

  /** Refuses one more follower than there is room for; to be asked before a connection is opened. */
  mustHaveRoom(address: string | null): void {
    this.#crowd.mustHaveRoom({ session: this.#session.id, address, size: this.size });
  }

  /** Says hello and begins to deliver. */
  join(connection: Connection, manner: Manner, from: Place): Follower {
    const follower = this.add(connection, manner, from.beginning.next);
    this.resume(follower, from);
    return follower;
  }

  /** Has one more follower, and says nothing to it before {@link resume}. */
  add(connection: Connection, manner: Manner, next: number): Follower {
    const follower: Follower = {
      connection,
      encoded: this.#encodings.join(manner),
      slowness: manner.slowness,
      address: manner.address,
      joinedAt: this.#session.log.head,
      next,
      fullSince: undefined,
      fullBytes: 0,
      awaitingPong: false,
    };
    if (this.#followers.size === 0) this.#wakeUp();
    this.#followers.add(follower);
    this.#crowd.enter(this.#session.id, manner.address);
    return follower;
  }

  /** Says hello, again, and goes on from another place. */
  resume(follower: Follower, place: Place): void {
    // A client may ask while its end is under way.
    if (!this.#followers.has(follower)) return;
    this.#say(follower, "hello", helloJson(this.#session, place, this.#clock.now()));
    if (place.beginning.status === "reset") this.#say(follower, "reset", resetJson(this.#session.log, place));
    this.#say(follower, "state", stateJson(this.#session));
    follower.next = place.beginning.next;
    this.#pump(follower);
  }

  /** The follower's connection is over. */
  leave(follower: Follower): void {
    if (!this.#followers.delete(follower)) return;
    const { encoded, address } = follower;
    this.#encodings.leave(encoded);
    this.#crowd.leave(this.#session.id, address);
    if (this.#followers.size > 0) return;
    this.#session.isFollowed = false;
    for (const cancel of this.#cancels) cancel();
    this.#cancelPongs();
  }

  /** The follower's connection has room again. */
  drained(follower: Follower): void {
    if (follower.fullSince !== undefined && this.#followers.has(follower)) this.#pump(follower);
  }

  #wakeUp(): void {
    const { log } = this.#session;
    this.#session.isFollowed = true;
    this.#cancels = [
      log.onAppend(() => this.#rounds.begin()),
      this.#session.watch(() => this.#stateChanged()),
      every(this.#clock, HEAD_EVERY_MS, () => this.#heartbeat()),
      every(this.#clock, PING_EVERY_MS, () => this.#ping()),
    ];
  }

  /** Writes what there is for a follower until its socket is full, it has all, or all is over. */
  #pump(follower: Follower): void {
    const { connection } = follower;
    let hasRoom: boolean | undefined = connection.buffered < HIGH_WATER_BYTES;
    while (hasRoom) {
      follower.fullSince = undefined;
      hasRoom = this.#give(follower);
    }
    if (hasRoom === undefined) return;
    follower.fullSince ??= this.#clock.elapsed();
    follower.fullBytes = connection.buffered;
  }

  /** Writes the next there is for it; returns whether there is room for more, or undefined where there is nothing for now. */
  #give(follower: Follower): boolean | undefined {
    const { connection, encoded } = follower;
    const { log, isOver } = this.#session;
    const skipped = skippedBy(follower, log);
    const entry = entryAt(log, follower.next + skipped);
    if (entry === undefined) {
      if (isOver) this.#end(follower);
      return undefined;
    }
    // The place moves first: a write can lead back here.
    if (isGap(entry)) {
      follower.next = entry.to + 1;
      this.#measures.gaps++;
      return this.#say(follower, "gap", gapJson(log, entry));
    }
    const bytes = encoded.batch(entry, skipped);
    if (bytes === undefined) {
      this.#rounds.putOff(encoded.framing.transport);
      return undefined;
    }
    follower.next = entry.seq + 1;
    this.#measures.skipped += skipped;
    this.#rounds.wrote(encoded.framing.transport);
    const hasRoom = connection.write(bytes);
    // Most often it has all now, and need not look.
    return hasRoom && entry.seq === log.head && !isOver ? undefined : hasRoom;
  }

  #serve(follower: Follower): void {
    if (follower.fullSince === undefined) this.#pump(follower);
    else if (isTooSlow(follower, this.#session.log)) this.#cut(follower);
  }

  /** What it has not taken by then it will not take. */
  #cut(follower: Follower): void {
    this.leave(follower);
    this.#measures.cuts.too_slow++;
    follower.connection.end(CLOSE_TOO_SLOW, "too slow");
    this.#clock.after(CLOSE_WITHIN_MS, () => follower.connection.terminate());
  }

  /** A long batch has been encoded. */
  #pumpUsers(encoded: Encoded): void {
    const pump = (follower: Follower): void => {
      if (follower.encoded === encoded && follower.fullSince === undefined) this.#pump(follower);
    };
    visitEach(this.#followers, pump, () => this.#rounds.caughtUp(encoded.framing.transport));
  }

  #stateChanged(): void {
    const state = stateJson(this.#session);
    visitEach(this.#followers, (follower) => {
      if (follower.fullSince !== undefined) return;
      this.#say(follower, "state", state);
      this.#pump(follower);
    });
  }

  /** A session that goes on in the next process has no end: its followers come back with their cursor. */
  #end(follower: Follower): void {
    const session = this.#session;
    if (!session.resumes) this.#say(follower, "end", endJson(session));
    this.leave(follower);
    follower.connection.end(closeCodeOf(session), session.endReason ?? "");
  }

  #heartbeat(): void {
    const { log } = this.#session;
    const { head } = log;
    const said = headJson(log);
    visitEach(this.#followers, (follower) => {
      // The log may have gone on while it waited for its turn; and it is not told of a batch that it is about to get.
      if (follower.fullSince !== undefined) this.#watchFull(follower, follower.fullSince);
      else if (log.head === head && follower.next > head) this.#say(follower, "head", said);
    });
  }

  /** A slow connection is waited for; a dead one is not. Not every runtime tells at once that there is room again. */
  #watchFull(follower: Follower, fullSince: number): void {
    const { connection, fullBytes } = follower;
    if (connection.buffered < fullBytes) {
      follower.fullSince = this.#clock.elapsed();
      this.#pump(follower);
    } else if (this.#clock.elapsed() - fullSince >= STALLED_AFTER_MS) {
      this.#terminate(follower, "stalled");
    }
  }

  #ping(): void {
    this.#cancelPongs = pingAll(this.#followers, this.#clock, (follower) => this.#terminate(follower, "silent"));
  }

  #terminate({ connection }: Follower, reason: CutReason): void {
    this.#measures.cuts[reason]++;
    connection.terminate();
  }

  /** Returns whether there is room for more. */
  #say({ connection, encoded }: Follower, name: EventName, data: object): boolean {
    const bytes = encoded.event(name, data);
    return bytes === undefined || connection.write(bytes);
  }
}
