/** A ticket, which opens a WebSocket: that cannot be given a header, and a token does not belong into a URL. @module */

import { lost, refusalOf } from "./fetch_stream.js";
import { FollowError } from "./errors.js";
import { authorization } from "./request.js";

/**
 * Gets one for the streams of a session. Throws as {@link import("./fetch_stream.js").openStream} does.
 * @param {import("./ports.js").Ports} ports
 * @param {import("./request.js").Request} request
 * @param {AbortSignal} signal
 * @returns {Promise<string>}
 */
export async function getTicket(ports, request, signal) {
  const id = request.session.pathname.split("/").at(-1) ?? "";
  const response = await ports
    .fetch(new URL("../tickets", request.session), {
      method: "POST",
      headers: { "content-type": "application/json", ...authorization(request) },
      body: JSON.stringify({ session: decodeURIComponent(id) }),
      cache: "no-store",
      signal,
    })
    .catch(lost);
  if (!response.ok) throw await refusalOf(response, ports.clock.now());
  const { ticket } = await response.json().catch(lost);
  if (typeof ticket === "string") return ticket;
  throw new FollowError("Cannot follow: the answer of POST /tickets has no ticket");
}
