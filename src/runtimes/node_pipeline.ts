/** Requests that a client says before the last is answered (pipelining, RFC 9112 section 9.3.2): one after the other. @module */

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { LIMITS } from "../limits.ts";

type Answer = (incoming: IncomingMessage, outgoing: ServerResponse) => void;

/** With so many waiting, a connection is read no more. Node would have all of them worked on at once. */
const MOST_WAITING = LIMITS.maxWaitingRequests.value;

/** Has each connection's requests answered in turn, so that one client has one in work, however many it says. */
export function inTurn(answer: Answer): Answer {
  /** Those that wait, of each connection that has one in work. */
  const waiting = new WeakMap<Socket, [IncomingMessage, ServerResponse][]>();
  const begin: Answer = (incoming, outgoing) => {
    // Told also where the connection broke, for those that have no socket yet, too.
    outgoing.once("close", () => next(incoming.socket));
    answer(incoming, outgoing);
  };
  const next = (socket: Socket): void => {
    const queue = waiting.get(socket);
    const request = socket.destroyed ? undefined : queue?.shift();
    if (request === undefined) waiting.delete(socket);
    else begin(...request);
    if (queue?.length === MOST_WAITING - 1) socket.resume();
  };
  const hold = (socket: Socket): void => {
    if ((waiting.get(socket)?.length ?? 0) >= MOST_WAITING) socket.pause();
  };
  return (incoming, outgoing) => {
    const { socket } = incoming;
    const queue = waiting.get(socket);
    if (queue === undefined) {
      waiting.set(socket, []);
      begin(incoming, outgoing);
      return;
    }
    // Not at once: Node has its parser read on at the end of each request.
    if (queue.push([incoming, outgoing]) === MOST_WAITING) process.nextTick(hold, socket);
  };
}
