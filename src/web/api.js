/** How the service is called. @module */

import { token, wantToken } from "./token.js";

/** @typedef {import("./wire.js").Session} Session */
/** @typedef {import("./wire.js").Batch} Batch */

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
 * @param {"GET" | "POST" | "DELETE"} method
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<unknown>} undefined where there is no content
 */
export async function call(method, path, body) {
  const response = await send(method, path, { body });
  const text = await response.text().catch(() => "");
  if (response.status === 204) return undefined;
  const answer = parse(text);
  if (response.ok && answer !== undefined) return answer;
  throw problemOf(response.status, answer, path);
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
 * Stops a session and forgets it.
 * @param {string} id
 * @returns {Promise<void>}
 */
export async function deleteSession(id) {
  await call("DELETE", pathOf(id));
}

/**
 * Batches of the history, oldest first, both ends included where they are kept.
 * @param {string} id
 * @param {{ epoch: string, from: number, to: number, top: number }} range
 * @returns {Promise<Batch[]>}
 */
export async function readBatches(id, range) {
  return /** @type {{ items: Batch[] }} */ (await call("GET", rangePath(id, range))).items;
}

/**
 * The same as Spark prints them.
 * @param {string} id
 * @param {{ epoch: string, from: number, to: number, top: number }} range
 * @returns {Promise<string>}
 */
export async function readText(id, range) {
  const response = await send("GET", rangePath(id, range), { accept: "text/plain" });
  const text = await response.text();
  if (!response.ok) throw problemOf(response.status, parse(text), "the history");
  return text;
}

/**
 * The lines a batch was counted from, or null where they are not kept.
 * @param {string} id
 * @param {string} cursor
 * @returns {Promise<string[] | null>}
 */
export async function readLines(id, cursor) {
  const path = `${pathOf(id)}/batches/${cursor}/lines`;
  return /** @type {{ lines: string[] | null }} */ (await call("GET", path)).lines;
}

/**
 * A ticket, which opens one stream of a session.
 * @param {string} session
 * @returns {Promise<string>}
 */
export async function getTicket(session) {
  return /** @type {{ ticket: string }} */ (await call("POST", "/tickets", { session })).ticket;
}

/**
 * The path of a session.
 * @param {string} id
 */
export function pathOf(id) {
  return `/sessions/${encodeURIComponent(id)}`;
}

/** @param {string} id @param {{ epoch: string, from: number, to: number, top: number }} range */
function rangePath(id, { epoch, from, to, top }) {
  return `${pathOf(id)}/batches?after=${epoch}:${from - 1}&before=${epoch}:${to + 1}&limit=${to - from + 1}&top=${top}`;
}

/**
 * @param {number} status
 * @param {unknown} answer
 * @param {string} path
 */
function problemOf(status, answer, path) {
  const { detail, errors } = Object(answer);
  const said = String(detail ?? `Cannot read the answer of ${path}: it is HTTP ${status}`);
  const problem = new Problem(status, said, Array.isArray(errors) ? errors : []);
  if (status === 401) wantToken(problem.message);
  return problem;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {{ body?: object | undefined, accept?: string }} options
 */
async function send(method, path, { body, accept = "application/json" }) {
  const headers = new Headers({ accept });
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
