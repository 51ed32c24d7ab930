/** The messages of a WebSocket, which cannot be held up: so there is a bound on those that are not read. @module */

/** With so much unread it is left; it is resumed when all is read. */
const MOST_UNREAD = 256;
const MOST_UNREAD_CHARACTERS = 16 * 1024 * 1024;

/** What has come and was not taken, of which there is no more than a bound. */
export class Inbox {
  wasOpen = false;
  /** There was too much, and the rest was not waited for. */
  isBehind = false;
  closed = { code: 1006, reason: "" };
  /** @type {string[]} */
  #texts = [];
  #characters = 0;
  #over = false;
  #socket;
  #wake = () => {};

  /**
   * @param {WebSocket} socket
   * @param {AbortSignal} signal
   */
  constructor(socket, signal) {
    this.#socket = socket;
    socket.addEventListener("open", () => (this.wasOpen = true));
    socket.addEventListener("message", ({ data }) => this.#put(data));
    socket.addEventListener("close", ({ code, reason }) => {
      this.closed = { code, reason };
      this.#end();
    });
    // A close follows, which says more.
    socket.addEventListener("error", () => {});
    signal.addEventListener("abort", () => this.close());
  }

  /** The next that is there, or undefined. */
  take() {
    const text = this.#texts.shift();
    this.#characters -= text?.length ?? 0;
    return text;
  }

  /**
   * The next, or undefined when there will be none.
   * @returns {Promise<string | undefined>}
   */
  async next() {
    while (this.#texts.length === 0 && !this.#over) {
      /** @type {PromiseWithResolvers<void>} */
      const { promise, resolve } = Promise.withResolvers();
      this.#wake = resolve;
      await promise;
    }
    return this.take();
  }

  close() {
    this.#end();
    this.#socket.close(1000);
  }

  /** @param {unknown} data */
  #put(data) {
    if (this.#over || typeof data !== "string") return;
    this.#texts.push(data);
    this.#characters += data.length;
    this.#wake();
    if (this.#texts.length < MOST_UNREAD && this.#characters < MOST_UNREAD_CHARACTERS) return;
    this.isBehind = true;
    this.close();
  }

  #end() {
    this.#over = true;
    this.#wake();
  }
}
