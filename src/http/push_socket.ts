/** `GET …/lines/ws`: a WebSocket that brings lines to a session. @module */

import type { Context } from "hono";
import { whenIdle, type Cancel } from "../clock.ts";
import { SluiceError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { HIGH_WATER_BYTES, type Connection, type ConnectionHandlers } from "../runtime.ts";
import type { Feed } from "../sessions/mod.ts";
import { CLOSE_NORMAL, CLOSE_RESTART, CLOSE_TRY_LATER } from "./close_codes.ts";
import { closeForPolicy, complain, turnAway } from "./messages.ts";
import { receiptOf, type Pushed } from "./push.ts";
import { exchangeOf, upgradeOf } from "./streaming.ts";

/** Of messages that wait while the session takes none; some runtimes cannot stop reading. */
const { maxWaitingBytes } = LIMITS;
/** Between two acknowledgements. */
const ACK_MS = 50;
const encoder = new TextEncoder();

/** Answers with the WebSocket. Each text message is one or more lines; what has been taken is acknowledged, in sums. */
export function pushSocket(c: Context, pushed: Pushed): Response {
  const protocol = upgradeOf(c);
  pushed.session.intake.mustHaveRoom();
  return pushed.runtime.upgrade(exchangeOf(c), protocol, (connection) => {
    try {
      return new Incoming(connection, pushed).handlers;
    } catch (failure) {
      // It was the last place, and another has it by now.
      complain(connection, failure);
      return turnAway(connection, "no room");
    }
  });
}

/** The messages of one client on their way into the session. */
class Incoming {
  readonly handlers: ConnectionHandlers = {
    message: (text) => this.#receive(text),
    drained: () => this.#acknowledgeSoon(),
    pong() {},
    closed: () => this.#close(),
  };
  readonly #connection: Connection;
  readonly #pushed: Pushed;
  readonly #feed: Feed;
  readonly #cancelIdle: Cancel;
  #cancelAck: Cancel | undefined;
  #acknowledged = 0;
  #saidAt = 0;
  /** The session takes none for now. */
  #isHeld = false;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;

  constructor(connection: Connection, pushed: Pushed) {
    const { session, clock, maxIdleMs } = pushed;
    this.#connection = connection;
    this.#pushed = pushed;
    this.#feed = session.intake.open(() => this.#over());
    this.#cancelIdle = whenIdle(clock, {
      limitMs: maxIdleMs,
      saidAt: () => this.#saidAt,
      isHeld: () => this.#isHeld,
      onIdle: () => connection.end(CLOSE_NORMAL, "nothing was said for too long"),
    });
  }

  #receive(text: string | undefined): void {
    if (text === undefined) {
      complain(
        this.#connection,
        new SluiceError("bad_frame", "Cannot take a binary message: lines as text are wanted"),
      );
      closeForPolicy(this.#connection);
      return;
    }
    this.#saidAt = this.#pushed.clock.elapsed();
    const lines = encoder.encode(text.endsWith("\n") ? text : `${text}\n`);
    if (!this.#isHeld) {
      this.#take(lines);
      return;
    }
    this.#keep(lines);
    if (this.#waitingBytes > maxWaitingBytes.value)
      this.#connection.end(CLOSE_TRY_LATER, "too fast: wait to be acknowledged");
  }

  #take(lines: Uint8Array): void {
    const room = this.#feed.write(lines);
    this.#acknowledgeSoon();
    if (room === undefined) return;
    this.#isHeld = true;
    this.#connection.pause?.();
    void room.then(() => this.#goOn());
  }

  #goOn(): void {
    this.#isHeld = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#connection.resume?.();
    for (const lines of waiting) {
      // It may be held again in the midst of them.
      if (this.#isHeld) this.#keep(lines);
      else this.#take(lines);
    }
  }

  #keep(lines: Uint8Array): void {
    this.#waiting.push(lines);
    this.#waitingBytes += lines.length;
  }

  #acknowledgeSoon(): void {
    if (this.#cancelAck !== undefined || this.#feed.isOver || this.#feed.lines === this.#acknowledged) return;
    this.#cancelAck = this.#pushed.clock.after(ACK_MS, () => {
      this.#cancelAck = undefined;
      this.#acknowledge();
    });
  }

  #acknowledge(): void {
    // Who reads none is told when he does: sums, so nothing is missing.
    if (this.#feed.lines === this.#acknowledged || this.#connection.buffered >= HIGH_WATER_BYTES) return;
    this.#acknowledged = this.#feed.lines;
    const ack = { type: "ack", ...receiptOf(this.#feed, this.#pushed.session) };
    this.#connection.write(encoder.encode(JSON.stringify(ack)));
  }

  /** The session takes no more. */
  #over(): void {
    this.#acknowledge();
    this.#connection.end(this.#pushed.session.resumes ? CLOSE_RESTART : CLOSE_NORMAL, "the session is over");
  }

  #close(): void {
    this.#cancelAck?.();
    this.#cancelIdle();
    this.#waiting = [];
    this.#feed.abandon();
  }
}
