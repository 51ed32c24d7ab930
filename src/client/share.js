/** One connection for all tabs: a tab follows the service itself until what it is told by another begins where it is. @module */

import { SILENT_MS } from "./connection.js";
import { streamUrl } from "./request.js";

/** @typedef {import("./fetch_stream.js").Open} Open */
/** @typedef {import("./fetch_stream.js").RawEvent} RawEvent */
/** @typedef {import("./place.js").Place} Place */
/** @typedef {import("./ports.js").Ports} Ports */
/** @typedef {import("./tabs.js").Tab} Tab */

/** After one of these a connection's greeting is over. */
const AFTER_GREETING = new Set(["state", "batch", "head"]);

/**
 * What tabs must have in common to share: the token too.
 * @param {import("./request.js").Request} request
 */
export function groupName(request) {
  const anywhere = { ...request, since: undefined, after: undefined };
  return `sluice ${streamUrl(anywhere, request.transport, undefined)} ${request.token ?? ""}`;
}

/**
 * Opens as `open` does; goes over to what the group is told as soon as that covers the place, and back when it does not.
 * @param {Tab} tab
 * @param {Open} open
 * @param {{ place: Place, onShared: (isShared: boolean) => void }} follower
 * @returns {Open}
 */
export function sharedStream(tab, open, { place, onShared }) {
  return async function* shared(ports, request, { signal }) {
    await tab.joined;
    for (;;) {
      if (tab.relay.covers(place)) {
        onShared(true);
        yield* relayed(tab, place, { ports, signal });
      } else {
        onShared(false);
        const stream = openUntilCovered(tab, place, (own) =>
          open(ports, request, { cursor: place.cursor, signal: own }),
        );
        if (!(yield* stream(signal))) return;
      }
    }
  };
}

/**
 * What the group is told, until that leaves a hole or falls silent.
 * @param {Tab} tab
 * @param {Place} place
 * @param {{ ports: Ports, signal: AbortSignal | undefined }} around
 * @returns {AsyncGenerator<RawEvent, void, void>}
 */
async function* relayed({ relay }, place, { ports, signal }) {
  const wake = () => relay.wake();
  signal?.addEventListener("abort", wake);
  try {
    while (relay.covers(place)) {
      signal?.throwIfAborted();
      const event = relay.take(place);
      if (event === undefined) {
        // Even a connection that is being looked for gives a sign of life.
        const cancel = ports.clock.after(SILENT_MS, () => relay.clear());
        await relay.changed();
        cancel();
      } else {
        yield event;
      }
    }
  } finally {
    signal?.removeEventListener("abort", wake);
  }
}

/**
 * A connection of our own. Its generator returns true when it is not needed any more, false when it is over.
 * @param {Tab} tab
 * @param {Place} place
 * @param {(signal: AbortSignal) => AsyncGenerator<RawEvent, void>} open
 * @returns {(outer: AbortSignal | undefined) => AsyncGenerator<RawEvent, boolean, void>}
 */
function openUntilCovered({ relay }, place, open) {
  return async function* own(outer) {
    const left = new AbortController();
    const leave = () => left.abort(outer?.reason);
    outer?.addEventListener("abort", leave);
    const stream = open(left.signal);
    let isGreeted = false;
    try {
      while (!isGreeted || !relay.covers(place)) {
        const result = await nextUnlessCovered(stream, () => isGreeted && relay.covers(place), relay);
        if (result === undefined) return true;
        if (result.done === true) return false;
        yield result.value;
        isGreeted ||= AFTER_GREETING.has(result.value.type);
      }
      return true;
    } finally {
      outer?.removeEventListener("abort", leave);
      left.abort();
      await stream.return().catch(() => {});
    }
  };
}

/**
 * The stream's next event, or undefined when the relay covers the place first.
 * @param {AsyncGenerator<RawEvent, void>} stream
 * @param {() => boolean} isCovered
 * @param {import("./relay.js").Relay} relay
 */
async function nextUnlessCovered(stream, isCovered, relay) {
  const next = stream.next();
  for (;;) {
    const result = await Promise.race([next, relay.changed().then(() => undefined)]);
    if (result !== undefined || isCovered()) return result;
  }
}
