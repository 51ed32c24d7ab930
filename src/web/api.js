/** How the service is called. @module */

import { hearDate } from "./server_clock.js";
import { token, wantToken } from "./token.js";

/** @typedef {import("./wire.js").Session} Session */

const PATIENCE_MS = 15_000;

/** A call that failed: `message` is the problem's detail, `status` is 0 when nothing answered. */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {string} detail
   * @param {readonly { pointer: string, detail: string }[]} [fields] what is wrong with which field of the body
   */
  constructor(status, detail, fields = []) {
    super(detail);
    this.status = status;
    this.fields = fields;
  }
}

/**
 * Calls the service; rejects with a {@link Problem}.
 * @param {"GET" | "POST"} method
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<unknown>}
 */
export async function call(method, path, body) {
  const response = await send(method, path, body);
  hearDate(response.headers.get("date"));
  const text = await response.text().catch(() => "");
  const answer = parse(text);
  if (response.ok && answer !== undefined) return answer;
  const { detail, errors } = Object(answer);
  const problem = new Problem(
    response.status,
    String(detail ?? `Cannot read the answer of ${path}: it is HTTP ${response.status}`),
    Array.isArray(errors) ? errors : [],
  );
  if (problem.status === 401) wantToken(problem.message);
  throw problem;
}

/**
 * The representation of a session.
 * @param {string} id
 * @returns {Promise<Session>}
 */
export async function readSession(id) {
  return /** @type {Session} */ (await call("GET", pathOf(id)));
}

/**
 * Stops a session, gracefully.
 * @param {string} id
 * @returns {Promise<Session>}
 */
export async function stopSession(id) {
  return /** @type {Session} */ (await call("POST", `${pathOf(id)}/stop`));
}

/**
 * Where the events of a session are. An `EventSource` cannot set a header, so the token goes into the address.
 * @param {string} id
 * @param {{ top: number, after: string | null }} options
 * @returns {string}
 */
export function eventsUrl(id, { top, after }) {
  const query = new URLSearchParams({ top: String(top) });
  if (after !== null) query.set("lastEventId", after);
  const secret = token();
  if (secret !== null) query.set("access_token", secret);
  return `${pathOf(id)}/sse?${query}`;
}

/** @param {string} id */
function pathOf(id) {
  return `/sessions/${encodeURIComponent(id)}`;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {object | undefined} body
 */
async function send(method, path, body) {
  const headers = new Headers({ accept: "application/json" });
  const secret = token();
  try {
    if (secret !== null) headers.set("authorization", `Bearer ${secret}`);
    if (body !== undefined) headers.set("content-type", "application/json");
    const signal = AbortSignal.timeout(PATIENCE_MS);
    /** @type {RequestInit} */
    const request = { method, headers, signal, cache: "no-store" };
    if (body !== undefined) request.body = JSON.stringify(body);
    return await fetch(path, request);
  } catch (failure) {
    const reason = failure instanceof Error ? failure.message : String(failure);
    throw new Problem(0, `Cannot reach the service: ${reason}; wanted is a running one at ${location.origin}`);
  }
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    // Whatever stands between may answer with a page of its own.
    return undefined;
  }
}
