/** What the client needs of the runtime it is on: browsers, Node, Deno and Bun have it all, but for what tabs share. @module */

import { systemClock } from "./timers.js";

/**
 * @typedef {{
 *   clock: import("./timers.js").Clock, random: () => number,
 *   fetch: typeof fetch, WebSocket: typeof WebSocket,
 *   digest: import("./check.js").Digest, tabs: Tabs | undefined,
 * }} Ports
 */
/** @typedef {{ locks: LockManager, BroadcastChannel: typeof BroadcastChannel }} Tabs */

/** @type {Ports} */
export const systemPorts = {
  clock: systemClock,
  random: () => Math.random(),
  fetch: (...call) => fetch(...call),
  get WebSocket() {
    return WebSocket;
  },
  digest,
  get tabs() {
    const locks = globalThis.navigator?.locks;
    return locks === undefined || typeof BroadcastChannel === "undefined" ? undefined : { locks, BroadcastChannel };
  },
};

/**
 * SHA-256. A page that came over plain HTTP from another machine is not given it: then hashes are compared, not recomputed.
 * @param {string} text
 * @returns {Promise<string | undefined>}
 */
async function digest(text) {
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined) return undefined;
  const bytes = new Uint8Array(await subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
