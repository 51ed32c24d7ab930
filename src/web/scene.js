/** What there is to show of a session, from wherever its events come: live, or out of its history. @module */

import { Running } from "./running.js";
import { note, NOTHING_TOLD, tell } from "./told.js";

/** @typedef {"connecting" | "live" | "lost" | "over" | "refused"} Link */

/** What the events of a session have told, and the sums of their words. */
export class Scene {
  /** @type {import("./told.js").Told} */
  told = NOTHING_TOLD;
  running = new Running();

  /**
   * Takes one event; live and replayed ones alike come through here.
   * @param {string} name
   * @param {unknown} data
   */
  hear(name, data) {
    const { batch } = this.told;
    this.told = tell(this.told, { name, data, at: Date.now() });
    const next = this.told.batch;
    if (next === batch) return;
    if (next === null) this.running = new Running();
    else this.running.add(next);
  }

  /**
   * Notes what happened to us rather than to the session.
   * @param {string} kind
   * @param {string} text
   */
  note(kind, text) {
    this.told = note(this.told, { at: Date.now(), kind, text });
  }

  /** @param {import("./wire.js").End} end */
  setEnd(end) {
    this.told = { ...this.told, state: end.state, end };
  }
}
