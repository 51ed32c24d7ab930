/** The long answers of a session: Server-Sent Events, WebSocket, text. @module */

import type { Context } from "hono";
import { PPRINT_RECORDS } from "../engine/mod.ts";
import type { ConnectionHandlers } from "../runtime.ts";
import { begin, parseCursor, type Session } from "../sessions/mod.ts";
import type { Delivery } from "./delivery.ts";
import type { Follower, Manner } from "./follower.ts";
import { sseFraming, textFraming, webSocketFraming } from "./framing.ts";
import { closeForPolicy, complain, readMessage, turnAway, unknownMessage } from "./messages.ts";
import { readBeginning } from "./requests.ts";
import { readSlowness } from "./slowness.ts";
import { exchangeOf, retryLine, streamHeaders, topOf, upgradeOf, type Streaming } from "./streaming.ts";
import { DEFAULT_TOP, type Place } from "./wire.ts";

/** What a stream is of. */
export interface Followed {
  readonly session: Session;
  readonly delivery: Delivery;
  readonly runtime: Streaming;
  /** By what the client is counted; null: it is on this machine, and is not. */
  readonly address: string | null;
}

/** `GET …/sse`. To a client that has seen the end of a session that is over: 204, which stops an `EventSource`. */
export function serverSentEvents(c: Context, { session, delivery, runtime, address }: Followed): Response {
  const from = readBeginning(c, session.log);
  const manner: Manner = { framing: sseFraming, top: topOf(c, DEFAULT_TOP), slowness: readSlowness(c), address };
  const headers = streamHeaders("text/event-stream");
  if (session.isOver && hasAll(session, from)) return c.body(null, 204);
  if (c.req.raw.method === "HEAD") return c.body(null, 200, headers);
  delivery.mustHaveRoom(address);
  return runtime.stream(exchangeOf(c), headers, (connection) => {
    connection.write(retryLine());
    return follow(delivery, delivery.join(connection, manner, from));
  });
}

/** Whether one who asked for this has every batch there is. */
export function hasAll({ log }: Session, { asked, beginning }: Place): boolean {
  return asked !== null && beginning.status === "continuous" && beginning.next > log.head;
}

/** `GET …/text`: Spark's `pprint`, live. */
export function text(c: Context, { session, delivery, runtime, address }: Followed): Response {
  const from = readBeginning(c, session.log);
  const manner: Manner = { framing: textFraming, top: topOf(c, PPRINT_RECORDS), slowness: readSlowness(c), address };
  const headers = streamHeaders("text/plain; charset=utf-8");
  if (c.req.raw.method === "HEAD") return c.body(null, 200, headers);
  delivery.mustHaveRoom(address);
  return runtime.stream(exchangeOf(c), headers, (connection) =>
    follow(delivery, delivery.join(connection, manner, from)),
  );
}

/** `GET …/ws`. */
export function webSocket(c: Context, { session, delivery, runtime, address }: Followed): Response {
  const from = readBeginning(c, session.log);
  const manner: Manner = { framing: webSocketFraming, top: topOf(c, DEFAULT_TOP), slowness: readSlowness(c), address };
  const protocol = upgradeOf(c);
  delivery.mustHaveRoom(address);
  return runtime.upgrade(exchangeOf(c), protocol, (connection) => {
    // Not every runtime opens it at once: others may have come meanwhile.
    if (!hasRoom(delivery, address)) return turnAway(connection, "too many followers");
    const follower = delivery.join(connection, manner, from);
    return {
      ...follow(delivery, follower),
      message: (said) => obey(said, session, { delivery, follower }),
    };
  });
}

function hasRoom(delivery: Delivery, address: string | null): boolean {
  try {
    delivery.mustHaveRoom(address);
    return true;
  } catch {
    // Which of the limits it was is nothing that a close code can say.
    return false;
  }
}

function follow(delivery: Delivery, follower: Follower): ConnectionHandlers {
  return {
    drained: () => delivery.drained(follower),
    closed: () => delivery.leave(follower),
    message: () => {},
    pong: () => {
      follower.awaitingPong = false;
    },
  };
}

/** A client may say one thing: where to go on from. */
function obey(
  said: string | undefined,
  session: Session,
  { delivery, follower }: { delivery: Delivery; follower: Follower },
): void {
  try {
    const asked = parseCursor(resumeOf(said), "after");
    delivery.resume(follower, { beginning: begin(session.log, { after: asked }), asked });
  } catch (failure) {
    complain(follower.connection, failure);
    closeForPolicy(follower.connection);
    delivery.leave(follower);
  }
}

function resumeOf(said: string | undefined): string {
  const wanted = 'wanted is {"type":"resume","after":"<epoch>:<seq>"}';
  const message = readMessage(said, wanted);
  const { type, after } = message;
  if (type === "resume" && typeof after === "string") return after;
  throw unknownMessage(message, wanted);
}
