/** Reads Server-Sent Events as WHATWG HTML 9.2.6 has them, wherever the bytes are cut. @module */

/** @typedef {{ id: string, type: string, data: string }} ServerEvent */

/** Characters of one event; a batch of a million words is less. */
const MOST_CHARACTERS = 256 * 1024 * 1024;

/** Bytes in, events out. */
export class EventParser {
  /** What the service last asked for as the time to wait before a new connection, in ms. */
  retryMs = /** @type {number | undefined} */ (undefined);
  // It takes a byte order mark at the beginning away.
  #decoder = new TextDecoder();
  /** The line so far. */
  #rest = "";
  /** The last character was a CR: a LF that follows belongs to it. */
  #afterReturn = false;
  #id = "";
  #type = "";
  /** @type {string[]} */
  #data = [];
  #size = 0;
  #most;

  /** @param {number} [most] characters of an event */
  constructor(most = MOST_CHARACTERS) {
    this.#most = most;
  }

  /**
   * Takes bytes; gives the events that are complete with them. Throws a RangeError when an event is too long.
   * @param {Uint8Array} bytes
   * @returns {ServerEvent[]}
   */
  push(bytes) {
    const read = this.#decoder.decode(bytes, { stream: true });
    const text = this.#afterReturn && read.startsWith("\n") ? read.slice(1) : read;
    if (read !== "") this.#afterReturn = read.endsWith("\r");
    /** @type {ServerEvent[]} */
    const events = [];
    let from = 0;
    for (const end of text.matchAll(/\r\n|\r|\n/g)) {
      this.#line(this.#rest + text.slice(from, end.index), events);
      this.#rest = "";
      from = end.index + end[0].length;
    }
    this.#rest += text.slice(from);
    this.#mustFit(this.#rest.length);
    return events;
  }

  /**
   * @param {string} line
   * @param {ServerEvent[]} events
   */
  #line(line, events) {
    if (line === "") {
      // An event without data is none, but its id counts.
      if (this.#data.length > 0) {
        events.push({ id: this.#id, type: this.#type || "message", data: this.#data.join("\n") });
      }
      this.#type = "";
      this.#data = [];
      this.#size = 0;
      return;
    }
    const colon = line.indexOf(":");
    if (colon === -1) this.#field(line, "");
    else this.#field(line.slice(0, colon), line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1));
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  #field(name, value) {
    if (name === "data") {
      this.#size += value.length + 1;
      this.#mustFit(0);
      this.#data.push(value);
    } else if (name === "event") this.#type = value;
    else if (name === "id" && !value.includes("\0")) this.#id = value;
    else if (name === "retry" && /^[0-9]+$/.test(value)) this.retryMs = Number(value);
  }

  /** @param {number} more */
  #mustFit(more) {
    if (this.#size + more > this.#most)
      throw new RangeError(`Cannot read an event of more than ${this.#most} characters`);
  }
}
