/** One connection that brings a session's events: a WebSocket, or an `EventSource` where none comes through. @module */

import { getTicket } from "./api.js";
import { token } from "./token.js";
import { EVENTS } from "./wire.js";

/**
 * `hear` gets each event, `cut` is called once when no more will come.
 * @typedef {{ hear: (name: string, data: any) => void, cut: () => void }} Ear
 */

/** @typedef {(path: string, query: URLSearchParams, ear: Ear) => () => void} Open */

const SUBPROTOCOL = "sluice.v1.json";

/**
 * Opens a WebSocket: of these a browser has room for many more than the six streams that HTTP/1.1 leaves to all tabs.
 * @param {string} path of the session
 * @param {URLSearchParams} query
 * @param {Ear} ear
 * @returns {() => void} closes it; `cut` is not called then
 */
export function openWebSocket(path, query, ear) {
  return openWith(path, query, { open: openSocket, ear });
}

/** @type {Open} */
function openSocket(path, query, { hear, cut }) {
  const url = new URL(`${path}/ws?${query}`, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url, SUBPROTOCOL);
  const closing = new AbortController();
  const { signal } = closing;
  socket.addEventListener("message", (event) => hearMessage(JSON.parse(event.data), hear), { signal });
  socket.addEventListener("close", cut, { signal });
  return () => {
    closing.abort();
    socket.close();
  };
}

/**
 * The same over Server-Sent Events.
 * @param {string} path of the session
 * @param {URLSearchParams} query
 * @param {Ear} ear
 * @returns {() => void}
 */
export function openEventSource(path, query, ear) {
  return openWith(path, query, { open: openSource, ear });
}

/** @type {Open} */
function openSource(path, query, { hear, cut }) {
  const source = new EventSource(`${path}/sse?${query}`);
  for (const name of EVENTS)
    source.addEventListener(name, (event) => {
      // An `error` event is the service's if it has data, else it is the browser's. We come back by ourselves.
      if (event instanceof MessageEvent) hear(name, JSON.parse(event.data));
      else {
        source.close();
        cut();
      }
    });
  return () => source.close();
}

/** @param {{ type: string }} message @param {Ear["hear"]} hear */
function hearMessage({ type, ...data }, hear) {
  hear(type, data);
}

/**
 * Opens at once, or where a token is wanted with a ticket: neither can set a header, and a token does not belong into an address.
 * @param {string} path
 * @param {URLSearchParams} query
 * @param {{ open: Open, ear: Ear }} parts
 * @returns {() => void}
 */
function openWith(path, query, { open, ear }) {
  if (token() === null) return open(path, query, ear);
  const closing = new AbortController();
  void openLater(path, query, { open, ear, signal: closing.signal });
  return () => closing.abort();
}

/**
 * @param {string} path
 * @param {URLSearchParams} query
 * @param {{ open: Open, ear: Ear, signal: AbortSignal }} parts
 */
async function openLater(path, query, { open, ear, signal }) {
  try {
    query.set("ticket", await getTicket(decodeURIComponent(path.slice(path.lastIndexOf("/") + 1))));
  } catch {
    // Who tries again asks for the session first, and is told then why not.
    if (!signal.aborted) ear.cut();
    return;
  }
  if (!signal.aborted) signal.addEventListener("abort", open(path, query, ear));
}
