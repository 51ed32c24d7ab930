/** The same events over a WebSocket. @module */

import { Connection } from "./connection.js";
import { FollowError, Lost } from "./errors.js";
import { openStream, typed } from "./fetch_stream.js";
import { Inbox } from "./inbox.js";
import { streamUrl } from "./request.js";
import { getTicket } from "./ticket.js";

/** @typedef {import("./ports.js").Ports} Ports */
/** @typedef {import("./request.js").Request} Request */

const SUBPROTOCOL = "sluice.v1.json";
const POLICY = 1008;

/**
 * The events of one connection; see {@link import("./fetch_stream.js").fetchStream}.
 * @type {import("./fetch_stream.js").Open}
 */
export async function* socketStream(ports, request, { cursor, signal }) {
  const connection = new Connection(ports.clock, signal);
  const url = streamUrl(request, "ws", cursor);
  /** @type {Inbox | undefined} */
  let inbox;
  /** @type {import("./events.ts").Problem | undefined} */
  let problem;
  try {
    // One for each connection: it is used up by it.
    if (request.token !== undefined)
      url.searchParams.set("ticket", await connection.hear(getTicket(ports, request, connection.signal)));
    inbox = new Inbox(new ports.WebSocket(String(url), SUBPROTOCOL), connection.signal);
    for (;;) {
      const text = inbox.take() ?? (await connection.hear(inbox.next()));
      if (text === undefined) break;
      const event = typed(undefined, text);
      if (event.type === "problem") ({ problem } = event);
      yield event;
    }
    if (!inbox.wasOpen && !inbox.isBehind) await sayWhy(ports, request, { cursor, signal: connection.signal });
    mustResume(inbox, problem);
  } finally {
    inbox?.close();
    connection.close();
  }
}

/**
 * A handshake that fails does not say why; a plain request does.
 * @param {Ports} ports
 * @param {Request} request
 * @param {import("./fetch_stream.js").Opening} opening
 */
async function sayWhy(ports, request, opening) {
  const response = await openStream(ports, request, opening);
  await response.body?.cancel();
}

/**
 * Throws what the end of a WebSocket means, if it is more than an end.
 * @param {Inbox} inbox
 * @param {import("./events.ts").Problem | undefined} problem what the service complained of
 */
function mustResume({ isBehind, closed: { code, reason } }, problem) {
  if (isBehind) throw new Lost("it was left, as its events were not read", { atOnce: true });
  const message = `the WebSocket was closed with ${code} ${reason}`.trimEnd();
  if (code === POLICY || (code >= 4500 && code <= 4999)) {
    throw new FollowError(`Cannot follow: ${message}`, { closeCode: code, problem });
  }
  if (code !== 1000) throw new Lost(message);
}
