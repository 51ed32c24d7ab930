/** `GET /ws`: a WebSocket that follows the sessions it is told to. @module */

import type { Context } from "hono";
import type { Cancel } from "../clock.ts";
import { SluiceError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import type { Connection } from "../runtime.ts";
import { begin, parseCursor, type Session } from "../sessions/mod.ts";
import { CLOSE_TOO_SLOW } from "./close_codes.ts";
import type { Manner } from "./follower.ts";
import { ofSession, webSocketFraming } from "./framing.ts";
import { closeForPolicy, complain, readMessage, unknownMessage, type Message } from "./messages.ts";
import { parseSince, SINCE } from "./requests.ts";
import { MAX_BRANCHES, type Several } from "./several.ts";
import { readSlowness } from "./slowness.ts";
import { exchangeOf, topOf, upgradeOf } from "./streaming.ts";
import { Trunk } from "./trunk.ts";
import { DEFAULT_TOP, type Place } from "./wire.ts";

/** A connection that follows nothing is closed after this long: nobody else would see that its other side is gone. */
const IDLE_MS = LIMITS.maxIdleMs.value;
const GOING_AWAY = 1001;
const WANTED =
  'wanted is {"type":"subscribe","session":"s_8f3c2a"}, with "after" or "since" if need be, or {"type":"unsubscribe","session":"s_8f3c2a"}';
const encoder = new TextEncoder();

/** Answers with the WebSocket; it lives until its client closes it. */
export function severalSocket(c: Context, several: Several): Response {
  const shape = { top: topOf(c, DEFAULT_TOP), slowness: readSlowness(c), address: several.addressOf(c) };
  const protocol = upgradeOf(c);
  several.mustHaveRoom();
  return several.runtime.upgrade(exchangeOf(c), protocol, (connection) => {
    const subscriptions = new Subscriptions(connection, several, shape);
    const { drained, closed, pong } = subscriptions.trunk.handlers();
    return {
      drained,
      pong,
      message: (said) => subscriptions.obey(said),
      closed() {
        subscriptions.close();
        closed();
      },
    };
  });
}

/** What one client has subscribed to. */
class Subscriptions {
  readonly trunk: Trunk;
  readonly #connection: Connection;
  readonly #several: Several;
  readonly #shape: Omit<Manner, "framing">;
  #cancelIdle: Cancel = () => {};

  constructor(connection: Connection, several: Several, shape: Omit<Manner, "framing">) {
    this.#connection = connection;
    this.#several = several;
    this.#shape = shape;
    this.trunk = new Trunk(connection, { over: (left, code) => this.#over(left, code) });
    this.#expectWork();
  }

  /** Does what the client says. What it cannot be given is answered; what it may not say ends it. */
  obey(said: string | undefined): void {
    let message: Message = {};
    try {
      message = readMessage(said, WANTED);
      if (message["type"] === "subscribe") this.#subscribe(message);
      else if (message["type"] === "unsubscribe") this.#unsubscribe(message);
      else throw unknownMessage(message, WANTED);
    } catch (failure) {
      const { session } = message;
      const mayGoOn = failure instanceof SluiceError && failure.code !== "bad_frame";
      complain(this.#connection, failure, mayGoOn ? { session } : {});
      if (!mayGoOn) closeForPolicy(this.#connection);
    }
  }

  close(): void {
    this.#cancelIdle();
  }

  #subscribe(message: Message): void {
    const id = idOf(message);
    const branch = this.#several.branchOf(id, this.#shape.address);
    const from = fromOf(branch.session, message);
    if (this.trunk.size >= MAX_BRANCHES && !this.trunk.follows(branch.session)) {
      const most = `${MAX_BRANCHES} are the most of one connection`;
      throw new SluiceError("too_many_followers", `Cannot follow session ${id} as well: ${most}`);
    }
    this.#cancelIdle();
    const manner: Manner = { framing: ofSession(webSocketFraming, branch.session), ...this.#shape };
    this.trunk.followAll([{ branch, manner, from }]);
  }

  #unsubscribe(message: Message): void {
    const id = idOf(message);
    this.trunk.leave(id);
    this.#connection.write(encoder.encode(JSON.stringify({ type: "unsubscribed", session: id })));
  }

  #over(left: number, code: number | undefined): void {
    if (code === CLOSE_TOO_SLOW) this.#connection.end(code, "too slow");
    else if (left === 0 && code === GOING_AWAY) this.#connection.end(code, "shutdown");
    else if (left === 0) this.#expectWork();
  }

  #expectWork(): void {
    this.#cancelIdle();
    this.#cancelIdle = this.#several.clock.after(IDLE_MS, () => this.#connection.end(1000, "nothing is followed"));
  }
}

function idOf({ session }: Message): string {
  if (typeof session === "string") return session;
  throw new SluiceError("bad_frame", `Cannot take the message: it names no session; ${WANTED}`);
}

function fromOf({ log }: Session, { after, since }: Message): Place {
  if (typeof after === "string") {
    const asked = parseCursor(after, "after");
    return { beginning: begin(log, { after: asked }), asked };
  }
  const asked = parseSince(since);
  if (after !== undefined || (since !== undefined && asked === undefined)) {
    const shown = JSON.stringify(after ?? since)?.slice(0, 60);
    throw new SluiceError("bad_frame", `Cannot begin at ${shown}: wanted is a cursor as after, or as since ${SINCE}`);
  }
  return { beginning: begin(log, asked), asked: null };
}
