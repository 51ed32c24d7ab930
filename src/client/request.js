/** What is asked of the service: the options checked, and the URLs made of them. @module */

import { readCursor } from "./cursor.js";

/** @typedef {import("./events.ts").FollowOptions} FollowOptions */
/**
 * @typedef {{
 *   session: URL, transport: "sse" | "ws", since: string | undefined, after: string | undefined,
 *   top: number | undefined, token: string | undefined, slowness: Record<string, string>,
 * }} Request
 */

const MOST_TOP = 1_000_000;

/**
 * Checks what a user asks for; a TypeError says what is wrong with it.
 * @param {string | URL} url of a session, or of one of its streams
 * @param {FollowOptions} options
 * @returns {Request}
 */
export function readRequest(url, { since, after, top, transport = "sse", token, policy, maxLag }) {
  if (after !== undefined && readCursor(after) === undefined)
    throw refusal("after", after, 'a cursor such as "k3v9:2"');
  if (transport !== "sse" && transport !== "ws") throw refusal("transport", transport, '"sse" or "ws"');
  if (!isTop(top)) throw refusal("top", top, `a whole number from 0 to ${MOST_TOP}`);
  // The service says what it does not take of these.
  const slowness = { ...(policy && { policy }), ...(maxLag !== undefined && { maxLag: String(maxLag) }) };
  return { session: readUrl(url), transport, since: readSince(since), after, top, token: token || undefined, slowness };
}

/** @param {number | undefined} top */
function isTop(top) {
  return top === undefined || (Number.isInteger(top) && top >= 0 && top <= MOST_TOP);
}

/** @param {string | URL} url */
function readUrl(url) {
  const here = typeof document === "undefined" ? undefined : document.baseURI;
  const session = URL.canParse(url, here) ? new URL(url, here) : undefined;
  if (session === undefined || !/^https?:$/.test(session.protocol)) {
    throw refusal("url", url, "the URL of a session, such as http://localhost:8080/sessions/s_8f3c2a");
  }
  session.pathname = session.pathname.replace(/(?:\/(?:sse|ws|text|batches))?\/?$/, "");
  return session;
}

/** @param {FollowOptions["since"]} since */
function readSince(since) {
  if (since === undefined || since === "now" || since === "earliest") return since;
  if (Number.isInteger(since) && since <= 0) return `-${Math.abs(since)}`;
  throw refusal("since", since, '"now", "earliest", or -n for the newest n');
}

/**
 * @param {string} name
 * @param {unknown} value
 * @param {string} wanted
 */
function refusal(name, value, wanted) {
  return new TypeError(`Cannot follow: ${name} is ${JSON.stringify(value)}, wanted is ${wanted}`);
}

/**
 * Where the events are.
 * @param {Request} request
 * @param {"sse" | "ws"} transport
 * @param {string | undefined} cursor go on after this
 * @returns {URL}
 */
export function streamUrl({ session, since, after, top, slowness }, transport, cursor = after) {
  const url = new URL(session);
  url.pathname += `/${transport}`;
  if (transport === "ws") url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  if (cursor !== undefined) url.searchParams.set("after", cursor);
  else if (since !== undefined) url.searchParams.set("since", since);
  if (top !== undefined) url.searchParams.set("top", String(top));
  for (const [name, value] of Object.entries(slowness)) url.searchParams.set(name, value);
  return url;
}

/**
 * @param {Request} request
 * @returns {Record<string, string>}
 */
export function authorization({ token }) {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}
