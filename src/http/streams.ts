/** The long answers of a session: Server-Sent Events, WebSocket, text. @module */

import type { Context } from "hono";
import { PPRINT_RECORDS } from "../engine/mod.ts";
import { messageOf, SluiceError } from "../errors.ts";
import type { ConnectionHandlers, Exchange, Runtime } from "../runtime.ts";
import { begin, parseCursor, type Session } from "../sessions/mod.ts";
import type { Delivery, Follower, Manner } from "./delivery.ts";
import { sseFraming, textFraming, webSocketFraming } from "./framing.ts";
import { SECURITY_HEADERS } from "./guard.ts";
import { problemOf } from "./problem.ts";
import { readBeginning, wholeParameter } from "./requests.ts";
import { readSlowness } from "./slowness.ts";
import { DEFAULT_TOP } from "./wire.ts";

/** The WebSocket subprotocol; a breaking change needs a new one. */
const SUBPROTOCOL = "sluice.v1.json";
const MAX_TOP = 1_000_000;
const CLOSE_POLICY = 1008;
const RETRY_MS = 2000;
const encoder = new TextEncoder();

/** What a stream is of. */
export interface Followed {
  readonly session: Session;
  readonly delivery: Delivery;
  readonly runtime: Runtime;
  readonly maxFollowers: number;
}

/** `GET …/sse`. To a client that has seen the end of a session that is over: 204, which stops an `EventSource`. */
export function serverSentEvents(c: Context, { session, delivery, runtime, maxFollowers }: Followed): Response {
  const from = readBeginning(c, session.log);
  const manner: Manner = { framing: sseFraming, top: topOf(c, DEFAULT_TOP), slowness: readSlowness(c) };
  const headers = { ...streamHeaders("text/event-stream"), "x-accel-buffering": "no" };
  const hasAll =
    from.asked !== null && from.beginning.status === "continuous" && from.beginning.next > session.log.head;
  if (session.isOver && hasAll) return c.body(null, 204);
  if (c.req.raw.method === "HEAD") return c.body(null, 200, headers);
  delivery.mustHaveRoom(maxFollowers);
  return runtime.stream(exchangeOf(c), headers, (connection) => {
    // Those who lost their server at the same time shall not all come back at the same time.
    connection.write(encoder.encode(`retry: ${Math.round(RETRY_MS * (0.5 + Math.random()))}\n\n`));
    return follow(delivery, delivery.join(connection, manner, from));
  });
}

/** `GET …/text`: Spark's `pprint`, live. */
export function text(c: Context, { session, delivery, runtime, maxFollowers }: Followed): Response {
  const from = readBeginning(c, session.log);
  const manner: Manner = { framing: textFraming, top: topOf(c, PPRINT_RECORDS), slowness: readSlowness(c) };
  const headers = { ...streamHeaders("text/plain; charset=utf-8"), "x-accel-buffering": "no" };
  if (c.req.raw.method === "HEAD") return c.body(null, 200, headers);
  delivery.mustHaveRoom(maxFollowers);
  return runtime.stream(exchangeOf(c), headers, (connection) =>
    follow(delivery, delivery.join(connection, manner, from)),
  );
}

/** `GET …/ws`. */
export function webSocket(c: Context, { session, delivery, runtime, maxFollowers }: Followed): Response {
  if (c.req.header("upgrade")?.toLowerCase() !== "websocket") {
    throw new SluiceError(
      "upgrade_required",
      "Cannot answer: this path speaks WebSocket only and the request is no upgrade",
    );
  }
  const protocol = chooseProtocol(c);
  const from = readBeginning(c, session.log);
  const manner: Manner = { framing: webSocketFraming, top: topOf(c, DEFAULT_TOP), slowness: readSlowness(c) };
  delivery.mustHaveRoom(maxFollowers);
  return runtime.upgrade(exchangeOf(c), protocol, (connection) => {
    const follower = delivery.join(connection, manner, from);
    return {
      ...follow(delivery, follower),
      message: (said) => obey(said, session, { delivery, follower }),
    };
  });
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
    const error = webSocketFraming.event("error", { problem: problemOf(failure) }) ?? "";
    follower.connection.write(encoder.encode(error));
    follower.connection.end(CLOSE_POLICY, "not a message of this protocol");
    delivery.leave(follower);
  }
}

function resumeOf(said: string | undefined): string {
  const wanted = 'wanted is {"type":"resume","after":"<epoch>:<seq>"}';
  if (said === undefined) throw new SluiceError("bad_frame", `Cannot take a binary message: ${wanted}`);
  let message: unknown;
  try {
    message = JSON.parse(said);
  } catch (failure) {
    throw new SluiceError(
      "bad_frame",
      `Cannot take the message: it is not JSON (${messageOf(failure).slice(0, 60)}); ${wanted}`,
    );
  }
  const { type, after } = Object(message) as { type?: unknown; after?: unknown };
  if (type === "resume" && typeof after === "string") return after;
  throw new SluiceError(
    "bad_frame",
    `Cannot take the message: its type is ${JSON.stringify(type)?.slice(0, 60)}; ${wanted}`,
  );
}

/** Null when nothing was offered; to offer only what is not spoken here is refused. */
function chooseProtocol(c: Context): string | null {
  const offered = c.req.header("sec-websocket-protocol");
  if (offered === undefined) return null;
  const names = offered.split(",").map((name) => name.trim());
  if (names.includes(SUBPROTOCOL)) return SUBPROTOCOL;
  const shown = JSON.stringify(offered.slice(0, 60));
  throw new SluiceError(
    "no_common_protocol",
    `Cannot speak any of the offered subprotocols ${shown}: ${SUBPROTOCOL} is spoken`,
  );
}

function topOf(c: Context, otherwise: number): number {
  return wholeParameter(c, "top", { least: 0, most: MAX_TOP, otherwise });
}

function streamHeaders(contentType: string): Record<string, string> {
  return { ...SECURITY_HEADERS, "content-type": contentType, "cache-control": "no-store, no-transform" };
}

function exchangeOf(c: Context): Exchange {
  return { request: c.req.raw, native: c.env };
}
