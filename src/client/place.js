/** Where a follower is: what it may be given next, and what does not fit (I1, I5, and the pairs of `check.js`). @module */

import { checkPair, violation } from "./check.js";
import { readCursor, writeCursor } from "./cursor.js";

/** @typedef {import("./events.ts").BatchEvent} Batch */
/** @typedef {import("./events.ts").ServiceEvent} Event */
/** @typedef {import("./events.ts").Violation} Violation */
/**
 * What to do with an event. `resume`: something is missing, ask for it again.
 * @typedef {{ give: boolean, resume: boolean, found: Violation[] }} Verdict
 */

/** Hashes remembered of batches given, to hold repeated ones against. */
const REMEMBERED = 256;

/** @type {Verdict} */
const GIVE = { give: true, resume: false, found: [] };
/** @type {Verdict} */
const DROP = { give: false, resume: false, found: [] };

/** A place in a log. It moves with every event that is taken. */
export class Place {
  /** Whose log; null until that is known. */
  epoch = /** @type {string | null} */ (null);
  /** Number of the next batch; null until that is known. */
  next = /** @type {number | null} */ (null);
  /** @type {Batch | null} */
  #last = null;
  /** Batches are missing between the last and the next, and we were told so. */
  #afterGap = false;
  /** @type {Map<number, string>} */
  #hashes = new Map();
  /** A head that was ahead of us made us ask again, and nothing has come since. */
  #missed = false;

  /** @param {string | undefined} after a cursor that was taken before */
  constructor(after) {
    const cursor = readCursor(after);
    if (cursor === undefined) return;
    this.epoch = cursor.epoch;
    this.next = cursor.seq + 1;
  }

  /** What to resume after; undefined when nothing is known yet. */
  get cursor() {
    return this.next === null ? undefined : writeCursor({ epoch: this.epoch, seq: this.next - 1 });
  }

  /**
   * Takes an event as the service sent it.
   * @param {Event} event
   * @returns {Verdict}
   */
  take(event) {
    switch (event.type) {
      case "hello":
        return this.#hello(event);
      case "batch":
        return this.#batch(event);
      case "gap":
        return this.#gap(event);
      case "head":
        return this.#newest(event);
      case "end":
        return this.#newest(event);
      case "reset":
      case "state":
      case "problem":
        return GIVE;
      default:
        // Of a later version of the service.
        return DROP;
    }
  }

  /**
   * @param {import("./events.ts").HelloEvent} hello
   * @returns {Verdict}
   */
  #hello({ from, status, epoch }) {
    const place = readCursor(from);
    if (place === undefined)
      return this.#wrong(`hello says it begins from ${JSON.stringify(from)}, which is no cursor`);
    const { epoch: wasEpoch, next: wanted } = this;
    const known = wanted !== null && status !== "reset";
    if (!known) this.#begin(epoch, place.seq);
    this.epoch ??= epoch;
    if (!known) return GIVE;
    if (wasEpoch !== null && epoch !== wasEpoch) {
      this.#begin(epoch, place.seq);
      return this.#wrong(`the epoch was ${wasEpoch} and is ${epoch}, and hello says ${status}, not reset`);
    }
    if (place.seq <= wanted) return GIVE;
    this.#move(place.seq);
    return this.#wrong(`hello goes on from ${from} and says ${status}, wanted was ${this.#cursorAt(wanted)}`);
  }

  /**
   * @param {Batch} batch
   * @returns {Verdict}
   */
  #batch(batch) {
    const { epoch, next } = this;
    const { seq } = batch;
    if (batch.epoch === epoch && next !== null && seq < next) return this.#repeated(batch);
    const found = this.#checkNext(batch);
    if (batch.epoch !== epoch) this.#begin(batch.epoch, seq);
    this.#move(seq + 1);
    this.#afterGap = false;
    this.#last = batch;
    this.#hashes.set(seq, batch.hash);
    if (this.#hashes.size > REMEMBERED) this.#hashes.delete(/** @type {number} */ (this.#hashes.keys().next().value));
    return { give: true, resume: false, found };
  }

  /**
   * Whether the batch is the next one. One that says what was skipped before it, as was wanted, comes as after a gap.
   * @param {Batch} batch
   * @returns {Violation[]}
   */
  #checkNext(batch) {
    const { skipped = 0, cursor, seq } = batch;
    if (batch.epoch === this.epoch && seq - skipped === this.next) {
      return checkPair(this.#last, batch, this.#afterGap || skipped > 0);
    }
    const wanted = this.#cursorAt(this.next ?? 1);
    return [violation("I1", `${cursor} came, wanted was ${wanted}, and no gap was told`, [this.#last, batch])];
  }

  /**
   * @param {Batch} batch
   * @returns {Verdict}
   */
  #repeated(batch) {
    const known = this.#hashes.get(batch.seq);
    if (known === undefined || known === batch.hash) return DROP;
    const message = `${batch.cursor} came again with the hash ${batch.hash}, and it was ${known}`;
    const first = this.#last?.seq === batch.seq ? this.#last : null;
    return { give: false, resume: false, found: [violation("I5", message, [first, batch])] };
  }

  /**
   * @param {import("./events.ts").GapEvent} gap
   * @returns {Verdict}
   */
  #gap(gap) {
    const from = readCursor(gap.from);
    const to = readCursor(gap.to);
    const next = this.next ?? 1;
    if (from === undefined || to === undefined || from.epoch !== this.epoch || to.epoch !== this.epoch) {
      return this.#wrong(`a gap from ${gap.from} to ${gap.to} was told in epoch ${this.epoch}`);
    }
    if (to.seq < next) return DROP;
    this.#move(to.seq + 1);
    this.#afterGap = true;
    if (from.seq <= next) return GIVE;
    return this.#wrong(`a gap from ${gap.from} was told, wanted was ${this.#cursorAt(next)}`);
  }

  /**
   * What the newest batch is said to be: of a head, and of an end.
   * @param {import("./events.ts").HeadEvent | import("./events.ts").EndEvent} event
   * @returns {Verdict}
   */
  #newest(event) {
    const head = event.head === null ? { epoch: this.epoch, seq: 0 } : readCursor(event.head);
    // A session that is deleted has no batches any more.
    if (event.type === "end" && event.head === null) return GIVE;
    if (head === undefined || this.next === null) return GIVE;
    if (head.epoch === this.epoch && head.seq === this.next - 1) return this.#holds(event);
    if (!this.#missed) {
      this.#missed = true;
      return { give: false, resume: true, found: [] };
    }
    this.#missed = false;
    return this.#wrong(
      `the newest batch is said to be ${event.head}, wanted was ${this.#cursorAt(this.next)}, and it does not come`,
    );
  }

  /**
   * The last batch is the newest: what is said of it must be so.
   * @param {import("./events.ts").HeadEvent | import("./events.ts").EndEvent} event
   * @returns {Verdict}
   */
  #holds(event) {
    this.#missed = false;
    const last = this.#last;
    if (last === null || this.#afterGap) return GIVE;
    /** @type {Violation[]} */
    const found = [];
    if (event.type === "head" && event.hash !== last.hash) {
      found.push(violation("I5", `the hash of ${last.cursor} was ${last.hash}, and head says ${event.hash}`, [last]));
    }
    const wrong = /** @type {(keyof typeof last.total)[]} */ (Object.keys(last.total)).filter(
      (name) => event.total[name] !== last.total[name],
    );
    for (const name of wrong) {
      const message = `${event.type} says the total is ${event.total[name]} ${name}, and that of ${last.cursor} is ${last.total[name]}`;
      found.push(violation("I2", message, [last]));
    }
    return { give: true, resume: false, found };
  }

  /**
   * @param {string} epoch
   * @param {number} next
   */
  #begin(epoch, next) {
    this.epoch = epoch;
    this.#hashes.clear();
    this.#last = null;
    this.#afterGap = false;
    this.#move(next);
  }

  /** @param {number} next */
  #move(next) {
    this.next = next;
    this.#missed = false;
  }

  /** @param {number} seq */
  #cursorAt(seq) {
    return writeCursor({ epoch: this.epoch, seq });
  }

  /**
   * @param {string} message
   * @returns {Verdict}
   */
  #wrong(message) {
    return { give: true, resume: false, found: [violation("I1", message, [this.#last])] };
  }
}
