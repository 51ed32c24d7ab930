/** The time machine: a session's history, told once more by the same events that told it live. @module */

import { number } from "./amounts.js";
import { Problem, readBatches } from "./api.js";
import { TOP } from "./live.js";
import { Scene } from "./scene.js";

/** @typedef {import("./wire.js").Batch} Batch */

/** Batches before the one sought that are told with it, for what is shown over time. */
const BEFORE = 40;
/** Batches that are read in one go while it plays. */
const AHEAD = 40;
/** A batch is shown for as long as this at least. */
const LEAST_MS = 100;

/** One session's history. `changed` is called whenever there is something new to show, and when it stands still. */
export class Replay extends Scene {
  /** Times the speed of the session, 0 while it stands. */
  speed = 0;
  /** Why it cannot go on. */
  problem = "";
  #live;
  #changed;
  /** @type {Batch[]} */
  #ahead = [];
  #timer = 0;
  #asked = 0;
  /** A number that is sought, of which the latest counts. */
  #sought = 0;
  #seeking = false;

  /**
   * @param {import("./live.js").Live} live
   * @param {() => void} changed
   */
  constructor(live, changed) {
    super();
    this.#live = live;
    this.#changed = changed;
  }

  /** Stands still, for good. */
  close() {
    this.#asked++;
    this.#stand();
  }

  /**
   * Shows a batch of the history.
   * @param {number} seq
   */
  async seek(seq) {
    this.#stand();
    this.#sought = seq;
    if (this.#seeking) return;
    this.#seeking = true;
    try {
      // While one was read the hand has moved on.
      for (let found = 0; found !== this.#sought;) {
        found = this.#sought;
        const batches = await this.#read(Math.max(1, found - BEFORE), found);
        if (batches?.at(-1)?.seq === found) this.#tellAnew(batches);
        else if (batches !== null) this.problem = `Batch ${number(found)} is no longer kept`;
      }
    } finally {
      this.#seeking = false;
    }
  }

  /**
   * Goes on from the batch that is shown, so many times as fast as it came; 0 stops.
   * @param {number} speed
   */
  play(speed) {
    this.#stand();
    this.speed = speed;
    if (speed > 0) this.#timer = setTimeout(() => void this.#next(), 0);
    this.#changed();
  }

  async #next() {
    const mine = this.#asked;
    const shown = this.told.batch;
    if (shown === null) return;
    if (this.#ahead.length === 0) {
      const batches = await this.#read(shown.seq + 1, shown.seq + AHEAD);
      if (mine !== this.#asked) return;
      this.#ahead = batches ?? [];
    }
    const batch = this.#ahead.shift();
    if (batch === undefined) {
      this.#stand();
      this.#changed();
      return;
    }
    this.hear("batch", batch);
    this.#changed();
    this.#timer = setTimeout(() => void this.#next(), Math.max(LEAST_MS, batch.intervalMs / this.speed));
  }

  /**
   * @param {number} from
   * @param {number} to
   */
  async #read(from, to) {
    const epoch = this.#live.told.batch?.epoch;
    if (epoch === undefined) return null;
    try {
      const batches = await readBatches(this.#live.id, { epoch, from, to, top: TOP });
      this.problem = "";
      return batches;
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      this.problem = failure.message;
      return null;
    } finally {
      this.#changed();
    }
  }

  /** @param {readonly Batch[]} batches */
  #tellAnew(batches) {
    const fresh = new Scene();
    for (const batch of batches) fresh.hear("batch", batch);
    this.told = fresh.told;
    this.running = fresh.running;
    this.#changed();
  }

  #stand() {
    this.#asked++;
    clearTimeout(this.#timer);
    this.#ahead = [];
    this.speed = 0;
  }
}
