/** One connection's life: it is ended by its user, or by its silence. @module */

import { Lost } from "./errors.js";

/** @typedef {import("./timers.js").Clock} Clock */

/** A `head` comes every 15 s: what says nothing for three of them is dead, though TCP may not know. */
export const SILENT_MS = 45_000;

/** Aborts what it is given to when its user or its silence wants it. */
export class Connection {
  #controller = new AbortController();
  #clock;
  #outer;
  #abort;
  #cancel = () => {};

  /**
   * @param {Clock} clock
   * @param {AbortSignal | undefined} outer
   */
  constructor(clock, outer) {
    this.#clock = clock;
    this.#outer = outer;
    this.#abort = () => this.#controller.abort(outer?.reason);
    outer?.throwIfAborted();
    outer?.addEventListener("abort", this.#abort);
  }

  get signal() {
    return this.#controller.signal;
  }

  /**
   * Waits for a sign of life. Only while we wait does silence count: who does not read cannot say it is silent.
   * @template T
   * @param {Promise<T>} sign
   * @returns {Promise<T>}
   */
  async hear(sign) {
    this.#cancel = this.#clock.after(SILENT_MS, () => {
      this.#controller.abort(new Lost(`nothing came for ${SILENT_MS / 1000} s`));
    });
    try {
      const heard = await sign;
      this.signal.throwIfAborted();
      return heard;
    } catch (failure) {
      this.signal.throwIfAborted();
      throw failure;
    } finally {
      this.#cancel();
    }
  }

  /** Lets go of everything. */
  close() {
    this.#cancel();
    this.#outer?.removeEventListener("abort", this.#abort);
    this.#controller.abort(new Lost("it was closed"));
  }
}
