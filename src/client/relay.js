/** What the tab that has the connection has told the others, as far back as is kept. @module */

/** @typedef {import("./events.ts").ServiceEvent} ServiceEvent */
/** @typedef {{ readonly epoch: string | null, readonly next: number | null }} At A place in a log: the next batch. */
/** An event, and where in the log it came. @typedef {{ before: At, event: ServiceEvent, after: At }} Relayed */

/** Events kept for a tab that does not read; one that has missed more asks the service itself. */
const MOST_KEPT = 256;

/** A bounded list of relayed events. A follower at a place is given what came at exactly that place, so nothing is left out. */
export class Relay {
  /** Where the teller is; null when nobody tells. */
  #at = /** @type {At | null} */ (null);
  /** @type {Relayed[]} */
  #kept = [];
  #change = /** @type {PromiseWithResolvers<void>} */ (Promise.withResolvers());

  get at() {
    return this.#at;
  }

  /** Resolves at the next change. */
  changed() {
    return this.#change.promise;
  }

  /** @param {Relayed} relayed */
  put(relayed) {
    this.#kept.push(relayed);
    if (this.#kept.length > MOST_KEPT) this.#kept.shift();
    this.moveTo(relayed.after);
  }

  /** @param {At} at */
  moveTo(at) {
    this.#at = { epoch: at.epoch, next: at.next };
    this.wake();
  }

  /** Nobody tells any more. */
  clear() {
    this.#at = null;
    this.#kept = [];
    this.wake();
  }

  /** Lets those who wait look again. */
  wake() {
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }

  /**
   * Whether a follower at this place can go on with what is told; what came before it is forgotten then.
   * @param {At} place
   */
  covers(place) {
    const first = this.#kept.findIndex(({ before }) => isSame(before, place));
    if (first === -1 && (this.#at === null || !isSame(this.#at, place))) return false;
    this.#kept.splice(0, first === -1 ? this.#kept.length : first);
    return true;
  }

  /**
   * The next event for a follower at this place, undefined when it has all; to be asked when it is covered.
   * @param {At} place
   */
  take(place) {
    return this.covers(place) ? this.#kept.shift()?.event : undefined;
  }
}

/**
 * @param {At} a
 * @param {At} b
 */
function isSame(a, b) {
  return a.epoch === b.epoch && a.next === b.next;
}
