/** Follows one session over an `EventSource`, comes back when it is cut, and leaves when the session is over. @module */

import { eventsUrl, Problem, readSession } from "./api.js";
import { hearLiveBatch } from "./server_clock.js";
import { note, NOTHING_TOLD, tell } from "./told.js";
import { EVENTS } from "./wire.js";

/** @typedef {import("./wire.js").Session} Session */
/** @typedef {"connecting" | "live" | "lost" | "over" | "refused"} Link */

/** Words shown at most. */
export const TOP = 100;
/** A `head` comes every 15 s: a stream that is silent for longer than two of them is dead, though TCP may not know. */
const SILENT_MS = 40_000;
const RETRY_MS = 2000;
const MAX_RETRY_MS = 30_000;

/** One followed session. `changed` is called whenever there is something new to show. */
export class Live {
  /** @type {import("./told.js").Told} */
  told = NOTHING_TOLD;
  /** @type {Link} */
  link = "connecting";
  /** Why it is refused. */
  refusal = "";
  /** @type {Session | null} */
  session = null;
  /** @type {EventSource | null} */
  #source = null;
  #retryMs = RETRY_MS;
  #timer = 0;
  #closed = false;
  #changed;

  /**
   * @param {string} id
   * @param {() => void} changed
   */
  constructor(id, changed) {
    this.id = id;
    this.#changed = changed;
    void this.#open();
  }

  /** Follows no more. */
  close() {
    this.#closed = true;
    this.#disconnect();
  }

  /** The session is looked at first, as an `EventSource` does not tell why it is refused. */
  async #open() {
    try {
      this.session = await readSession(this.id);
    } catch (failure) {
      this.#openFailed(failure);
      return;
    }
    if (this.#closed) return;
    const { state, endReason, head } = this.session;
    // A stream of a session that is over says nothing at all (204) to those who have every batch.
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
    const source = new EventSource(eventsUrl(this.id, { top: TOP, after: this.told.batch?.cursor ?? null }));
    this.#source = source;
    for (const name of EVENTS) source.addEventListener(name, (event) => this.#hear(name, event));
    this.#expectSignOfLife();
    this.#changed();
  }

  /**
   * An `error` event is the service's if it has data, else it is the browser's.
   * @param {string} name
   * @param {Event} event
   */
  #hear(name, event) {
    if (!(event instanceof MessageEvent)) {
      this.#cut();
      return;
    }
    const data = JSON.parse(event.data);
    this.told = tell(this.told, { name, data, at: Date.now() });
    if (this.link !== "live") {
      this.link = "live";
      this.#retryMs = RETRY_MS;
    }
    if (name === "batch" && data.seq > this.told.head && !data.late && !data.partial)
      hearLiveBatch(Date.parse(data.time));
    if (name === "end") this.#over(data);
    else this.#expectSignOfLife();
    this.#changed();
  }

  /** An `EventSource` that is not closed comes back by itself, with the `Last-Event-ID`. */
  #cut() {
    this.#lose();
    if (this.#source?.readyState !== EventSource.CLOSED) return;
    this.#disconnect();
    this.#retry();
  }

  #lose() {
    if (this.link === "lost") return;
    this.told = note(this.told, {
      at: Date.now(),
      kind: "lost",
      text: "The connection is lost; trying to go on where it broke",
    });
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
      this.#lose();
      this.#disconnect();
      void this.#open();
    }, SILENT_MS);
  }

  /** @param {import("./wire.js").End} end */
  #over(end) {
    this.told = { ...this.told, state: end.state, end };
    this.link = "over";
    this.#disconnect();
    this.#changed();
  }

  #disconnect() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }
}
