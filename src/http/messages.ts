/** What clients say over a WebSocket. @module */

import { messageOf, SluiceError } from "../errors.ts";
import type { Connection, ConnectionHandlers } from "../runtime.ts";
import { CLOSE_POLICY, CLOSE_TRY_LATER } from "./close_codes.ts";
import { webSocketFraming } from "./framing.ts";
import { problemOf } from "../front/mod.ts";

const encoder = new TextEncoder();

/** A message, not yet looked at. */
export type Message = Readonly<Record<string, unknown>>;

/** Reads a message; `wanted` says what one may be. */
export function readMessage(said: string | undefined, wanted: string): Message {
  if (said === undefined) throw new SluiceError("bad_frame", `Cannot take a binary message: ${wanted}`);
  try {
    return Object(JSON.parse(said)) as Message;
  } catch (failure) {
    const why = messageOf(failure).slice(0, 60);
    throw new SluiceError("bad_frame", `Cannot take the message: it is not JSON (${why}); ${wanted}`);
  }
}

/** What is said of a message of another type. */
export function unknownMessage({ type }: Message, wanted: string): SluiceError {
  const shown = JSON.stringify(type)?.slice(0, 60);
  return new SluiceError("bad_frame", `Cannot take the message: its type is ${shown}; ${wanted}`);
}

/** Says what is wrong with a message. */
export function complain(connection: Connection, failure: unknown, of: object = {}): void {
  connection.write(encoder.encode(webSocketFraming.event("error", { ...of, problem: problemOf(failure) }) ?? ""));
}

/** Closes, as the client does not speak this protocol. */
export function closeForPolicy(connection: Connection): void {
  connection.end(CLOSE_POLICY, "not a message of this protocol");
}

/** Closes one for whom there is no room after all. */
export function turnAway(connection: Connection, why: string): ConnectionHandlers {
  connection.end(CLOSE_TRY_LATER, why);
  return { drained() {}, closed() {}, message() {}, pong() {} };
}
