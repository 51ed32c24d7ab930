/** One connection that brings a session's events: a WebSocket, or an `EventSource` where none comes through. @module */

import { token } from "./token.js";
import { EVENTS } from "./wire.js";

/**
 * `hear` gets each event, `cut` is called once when no more will come.
 * @typedef {{ hear: (name: string, data: any) => void, cut: () => void }} Ear
 */

const SUBPROTOCOL = "sluice.v1.json";

/**
 * Opens a WebSocket: of these a browser has room for many more than the six streams that HTTP/1.1 leaves to all tabs.
 * @param {string} path of the session
 * @param {URLSearchParams} query
 * @param {Ear} ear
 * @returns {() => void} closes it; `cut` is not called then
 */
export function openWebSocket(path, query, { hear, cut }) {
  const url = new URL(`${path}/ws?${withToken(query)}`, location.href);
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
export function openEventSource(path, query, { hear, cut }) {
  const source = new EventSource(`${path}/sse?${withToken(query)}`);
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

/** Neither can set a header, so the token goes into the address. @param {URLSearchParams} query */
function withToken(query) {
  const secret = token();
  if (secret !== null) query.set("access_token", secret);
  return query;
}
