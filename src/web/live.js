/** Follows one session, comes back when the connection is cut, and leaves when the session is over. @module */

import { pathOf, Problem, readSession } from "./api.js";
import { Scene } from "./scene.js";
import { hearTime } from "./server_clock.js";
import { openEventSource, openWebSocket } from "./transport.js";

/** @typedef {import("./wire.js").Session} Session */

/** Words of a batch that the page asks for. */
export const TOP = 100;
/** Batches that are asked for at first. */
const HISTORY = 60;
/** A `head` comes every 15 s: a stream that is silent for longer than two of them is dead, though TCP may not know. */
const SILENT_MS = 40_000;
const RETRY_MS = 1000;
const MAX_RETRY_MS = 15_000;
/** WebSockets in a row that never said a word, before it is tried without. */
const MAX_MUTE = 2;

/** One followed session. `changed` is called whenever there is something new to show. */
export class Live extends Scene {
  /** @type {import("./scene.js").Link} */
  link = "connecting";
  /** Why it is refused. */
  refusal = "";
  /** @type {Session | null} */
  session = null;
  #closeStream = () => {};
  #mute = 0;
  #retryMs = RETRY_MS;
  #timer = 0;
  #closed = false;
  #changed;

  /**
   * @param {string} id
   * @param {() => void} changed
   */
  constructor(id, changed) {
    super();
    this.id = id;
    this.#changed = changed;
    addEventListener("online", this);
    document.addEventListener("visibilitychange", this);
    void this.#open();
  }

  /** The network is there again, or somebody looks: no need to wait any longer for the next try. */
  handleEvent() {
    if (this.link !== "lost" || document.hidden) return;
    clearTimeout(this.#timer);
    void this.#open();
  }

  /** Follows no more. */
  close() {
    this.#closed = true;
    removeEventListener("online", this);
    document.removeEventListener("visibilitychange", this);
    this.#disconnect();
  }

  /** The session is looked at first, as a stream does not tell why it is refused. */
  async #open() {
    try {
      this.session = await readSession(this.id);
    } catch (failure) {
      this.#openFailed(failure);
      return;
    }
    if (this.#closed) return;
    const { state, endReason, head } = this.session;
    if (endReason !== null && head !== null && head === this.told.batch?.cursor)
      this.#over({ reason: endReason, state, discarded: null });
    else this.#connect();
  }

  /** @param {unknown} failure */
  #openFailed(failure) {
    if (!(failure instanceof Problem)) throw failure;
    if (this.#closed) return;
    const { status, message } = failure;
    const mayPass = status === 0 || status === 429 || status >= 500;
    if (mayPass) {
      this.#lose();
      this.#retry();
    } else {
      this.link = "refused";
      this.refusal = message;
      this.#changed();
    }
  }

  #connect() {
    this.#disconnect();
    const after = this.told.batch?.cursor;
    const query = new URLSearchParams({
      top: String(TOP),
      ...(after === undefined ? { since: `-${HISTORY}` } : { after }),
    });
    const open = this.#mute < MAX_MUTE ? openWebSocket : openEventSource;
    this.#mute++;
    this.#closeStream = open(pathOf(this.id), query, {
      hear: (name, data) => this.#hear(name, data),
      cut: () => this.#cut(),
    });
    this.#expectSignOfLife();
    this.#changed();
  }

  /**
   * @param {string} name
   * @param {any} data
   */
  #hear(name, data) {
    this.hear(name, data);
    this.link = "live";
    this.#mute = 0;
    this.#retryMs = RETRY_MS;
    if (name === "hello") hearTime(Date.parse(data.now));
    if (name === "end") this.#over(data);
    else this.#expectSignOfLife();
    this.#changed();
  }

  #cut() {
    this.#disconnect();
    this.#lose();
    this.#retry();
  }

  #lose() {
    if (this.link === "lost") return;
    this.note("lost", "The connection is lost; trying to go on where it broke");
    this.link = "lost";
    this.#changed();
  }

  #retry() {
    clearTimeout(this.#timer);
    // Those who lost the service at the same time shall not all come back at the same time.
    this.#timer = setTimeout(() => void this.#open(), this.#retryMs * (0.5 + Math.random()));
    this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS);
  }

  #expectSignOfLife() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#disconnect();
      this.#lose();
      void this.#open();
    }, SILENT_MS);
  }

  /** @param {import("./wire.js").End} end */
  #over(end) {
    this.setEnd(end);
    this.link = "over";
    this.#disconnect();
    this.#changed();
  }

  #disconnect() {
    clearTimeout(this.#timer);
    this.#closeStream();
    this.#closeStream = () => {};
  }
}
