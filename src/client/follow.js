/** Follows a session to its end: connects, checks, and connects again. @module */

import { Backoff } from "./backoff.js";
import { checkBatch } from "./check.js";
import { Lost, ViolationError } from "./errors.js";
import { fetchStream } from "./fetch_stream.js";
import { Place } from "./place.js";
import { systemPorts } from "./ports.js";
import { readRequest } from "./request.js";
import { groupName, sharedStream } from "./share.js";
import { socketStream } from "./socket_stream.js";
import { Tab } from "./tabs.js";
import { sleep } from "./timers.js";

/** @typedef {import("./events.ts").FollowOptions} FollowOptions */
/** @typedef {import("./events.ts").StreamEvent} StreamEvent */
/** @typedef {import("./events.ts").ServiceEvent} ServiceEvent */
/** @typedef {import("./events.ts").Link} Link */
/** @typedef {import("./ports.js").Ports} Ports */

/**
 * Follows a session; see `mod.d.ts`.
 * @param {string | URL} url
 * @param {FollowOptions} [options]
 * @returns {AsyncGenerator<StreamEvent, void, void>}
 */
export function follow(url, options = {}) {
  return followOn(systemPorts, url, options);
}

/**
 * The same on other ports, for tests.
 * @param {Ports} ports
 * @param {string | URL} url
 * @param {FollowOptions} options
 * @returns {AsyncGenerator<StreamEvent, void, void>}
 */
export function followOn(ports, url, options) {
  // What is asked wrongly is thrown here, not at the first event.
  return new Following(ports, url, options).run();
}

/** One loop over a session. */
class Following {
  #ports;
  #request;
  #options;
  #place;
  #backoff;
  #open;
  /** @type {Tab | undefined} */
  #tab;
  #isShared = false;
  #isLive = false;
  #isOver = false;

  /**
   * @param {Ports} ports
   * @param {string | URL} url
   * @param {FollowOptions} options
   */
  constructor(ports, url, options) {
    this.#ports = ports;
    this.#request = readRequest(url, options);
    this.#options = options;
    this.#place = new Place(this.#request.after);
    this.#backoff = new Backoff(ports.random);
    this.#open = this.#request.transport === "ws" ? socketStream : fetchStream;
  }

  /** @returns {AsyncGenerator<StreamEvent, void, void>} */
  async *run() {
    const { clock, tabs } = this.#ports;
    const { signal, share = typeof document !== "undefined" } = this.#options;
    signal?.throwIfAborted();
    if (share && tabs !== undefined) this.#join(tabs);
    try {
      while (!this.#isOver) {
        this.#isShared = false;
        this.#tell({ state: "connecting" });
        const lost = yield* this.#once();
        if (this.#isOver) break;
        const delayMs = this.#backoff.next(lost);
        this.#tell({ state: "waiting", reason: lost.message, delayMs });
        if (delayMs > 0) await sleep(clock, delayMs, signal);
      }
      this.#tell({ state: "over" });
    } finally {
      this.#tab?.close();
    }
  }

  /**
   * From now on what is opened is shared.
   * @param {import("./ports.js").Tabs} tabs
   */
  #join(tabs) {
    const { session } = this.#request;
    const tab = new Tab(tabs, groupName(this.#request), {
      place: this.#place,
      followAlone: (after, signal, onState) =>
        followOn(this.#ports, session, { ...this.#options, after, signal, onState, share: false, violations: "yield" }),
    });
    tab.onLink = (link) => {
      if (this.#isShared) this.#options.onState?.({ ...link, shared: true });
    };
    this.#open = sharedStream(tab, this.#open, {
      place: this.#place,
      onShared: (isShared) => {
        if (isShared === this.#isShared) return;
        this.#isShared = isShared;
        if (this.#isLive) this.#tell({ state: "live" });
      },
    });
    this.#tab = tab;
  }

  /**
   * One connection, to its loss.
   * @returns {AsyncGenerator<StreamEvent, Lost, void>}
   */
  async *#once() {
    this.#isLive = false;
    const { signal } = this.#options;
    const stream = this.#open(this.#ports, this.#request, { cursor: this.#place.cursor, signal });
    try {
      for await (const event of stream) {
        if (event.type === "retry") this.#backoff.baseMs = event.ms;
        else if (event.type === "over") this.#isOver = true;
        else if (yield* this.#give(event)) return new Lost("events are missing", { atOnce: true });
        if (this.#isOver) break;
      }
      return new Lost("the service closed the connection");
    } catch (failure) {
      if (!(failure instanceof Lost)) throw failure;
      signal?.throwIfAborted();
      return failure;
    }
  }

  /**
   * Gives an event if it is one to be given; true when something before it is missing.
   * @param {ServiceEvent} event
   * @returns {AsyncGenerator<StreamEvent, boolean, void>}
   */
  async *#give(event) {
    const { give, resume, found } = this.#place.take(event);
    const alone = event.type === "batch" ? await checkBatch(event, this.#ports.digest) : [];
    for (const violation of [...found, ...alone]) {
      if (this.#options.violations !== "yield") throw new ViolationError(violation);
      yield { type: "violation", ...violation };
    }
    if (resume) return true;
    if (event.type === "batch" || event.type === "head") this.#backoff.reset();
    if (!this.#isLive) this.#tell({ state: "live" });
    this.#isLive = true;
    if (give) yield event;
    if (event.type === "end") this.#isOver = true;
    return false;
  }

  /** @param {{ state: Link["state"], reason?: string | null, delayMs?: number }} link */
  #tell({ state, reason = null, delayMs = 0 }) {
    this.#options.onState?.({ state, shared: this.#isShared, reason, delayMs });
  }
}
