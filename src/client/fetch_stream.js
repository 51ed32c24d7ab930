/** Server-Sent Events over `fetch`: with a header for the token, a status for refusals, and backpressure. @module */

import { readRetryAfter } from "./backoff.js";
import { Connection } from "./connection.js";
import { FollowError, Lost, messageOf } from "./errors.js";
import { authorization, streamUrl } from "./request.js";
import { isWellFormed } from "./shape.js";
import { EventParser } from "./sse.js";

/** @typedef {import("./events.ts").ServiceEvent} ServiceEvent */
/** @typedef {import("./events.ts").Problem} Problem */
/** @typedef {import("./ports.js").Ports} Ports */
/** `over`: nothing comes any more; `retry`: the time to wait before a new connection, in ms. @typedef {ServiceEvent | { type: "over" } | { type: "retry", ms: number }} RawEvent */
/** @typedef {{ cursor: string | undefined, signal: AbortSignal | undefined }} Opening */
/** @typedef {(ports: Ports, request: import("./request.js").Request, opening: Opening) => AsyncGenerator<RawEvent, void>} Open */

/** Statuses of refusals that pass. */
const PASSING = new Set([408, 425, 429]);

/**
 * The events of one connection. Throws {@link Lost} when it is lost, a {@link FollowError} when it is refused for good. Bytes
 * are read only when an event is asked for, so a slow reader holds the service up, not memory.
 * @type {Open}
 */
export async function* fetchStream(ports, request, { cursor, signal }) {
  const connection = new Connection(ports.clock, signal);
  try {
    const response = await connection.hear(openStream(ports, request, { cursor, signal: connection.signal }));
    if (response.body === null || response.status === 204) {
      // Every batch was told, but a connection may have been lost between the last of them and the end.
      if (cursor === undefined) yield { type: "over" };
      else yield* fetchStream(ports, { ...request, after: undefined, since: "now" }, { cursor: undefined, signal });
      return;
    }
    const reader = response.body.getReader();
    const parser = new EventParser();
    for (;;) {
      const { done, value } = await connection.hear(reader.read().catch(lost));
      if (done) return;
      const { retryMs } = parser;
      const events = parser.push(value);
      if (parser.retryMs !== undefined && parser.retryMs !== retryMs) yield { type: "retry", ms: parser.retryMs };
      for (const event of events) yield readEvent(event);
    }
  } finally {
    connection.close();
  }
}

/**
 * Asks for the stream; the answer is 200 and an event stream, or 204.
 * @param {Ports} ports
 * @param {import("./request.js").Request} request
 * @param {Opening} opening
 * @returns {Promise<Response>}
 */
export async function openStream(ports, request, { cursor, signal }) {
  const response = await ports
    .fetch(streamUrl(request, "sse", cursor), {
      headers: { accept: "text/event-stream", ...authorization(request) },
      cache: "no-store",
      ...(signal && { signal }),
    })
    .catch(lost);
  const { status, headers } = response;
  if (status === 204) return response;
  if (!response.ok) throw await refusalOf(response, ports.clock.now());
  const mediaType = headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (mediaType === "text/event-stream") return response;
  await response.body?.cancel();
  throw new FollowError(`Cannot follow ${request.session}: it answers with ${mediaType}, wanted is an event stream`, {
    status,
  });
}

/**
 * What a refusal means: whether another try may do better.
 * @param {Response} response
 * @param {number} now
 * @returns {Promise<FollowError | Lost>}
 */
export async function refusalOf(response, now) {
  const { status } = response;
  const problem = await readProblem(response);
  const message = problem?.detail ?? `Cannot follow: the answer is HTTP ${status}`;
  if (status >= 500 || PASSING.has(status)) {
    return new Lost(message, { afterMs: readRetryAfter(response.headers.get("retry-after"), now) });
  }
  return new FollowError(message, { status, problem });
}

/**
 * @param {Response} response
 * @returns {Promise<Problem | undefined>}
 */
export async function readProblem(response) {
  try {
    const problem = await response.json();
    return typeof problem?.detail === "string" ? problem : undefined;
  } catch {
    // What stands between may answer with a page of its own.
    return undefined;
  }
}

/**
 * @param {import("./sse.js").ServerEvent} event
 * @returns {ServiceEvent}
 */
function readEvent({ type, data }) {
  return typed(type, data);
}

/**
 * An event of a name and its JSON. The service's `error` is a `problem` here, as `error` is what a connection has.
 * @param {string | undefined} type undefined: the object says it
 * @param {string} json
 * @returns {ServiceEvent}
 */
export function typed(type, json) {
  const { type: said, ...rest } = parse(json);
  const name = type ?? said;
  const event = { type: name === "error" ? "problem" : name, ...rest };
  if (isWellFormed(event)) return /** @type {ServiceEvent} */ (/** @type {unknown} */ (event));
  throw new FollowError(`Cannot follow: an event ${JSON.stringify(json.slice(0, 100))} is not of this protocol`);
}

/**
 * @param {string} json
 * @returns {Record<string, unknown>}
 */
function parse(json) {
  try {
    return Object(JSON.parse(json));
  } catch (failure) {
    throw new Lost(`an event is not JSON: ${messageOf(failure)}`);
  }
}

/**
 * Throws what the failure of a network means.
 * @param {unknown} failure
 * @returns {never}
 */
export function lost(failure) {
  throw new Lost(messageOf(failure));
}
