/** Who of an origin's tabs has the connection: the holder of a Web Lock, who tells the others over a BroadcastChannel. @module */

import { Place } from "./place.js";
import { Relay } from "./relay.js";

/** @typedef {import("./events.ts").StreamEvent} StreamEvent */
/** @typedef {import("./events.ts").Link} Link */
/** @typedef {import("./relay.js").Relayed} Relayed */
/** @typedef {import("./relay.js").At} At */
/** What tabs say to each other. @typedef {{ kind: "told", told: Relayed } | { kind: "at", at: At } | { kind: "link", link: Link } | { kind: "ask" } | { kind: "gone" }} Message */
/** Follows the service itself, on its own. @typedef {(after: string | undefined, signal: AbortSignal, onState: (link: Link) => void) => AsyncIterable<StreamEvent>} FollowAlone */

/** One tab's part in a group of those that follow the same. */
export class Tab {
  relay = new Relay();
  /** Told of the group's connection. */
  onLink = (/** @type {Link} */ _link) => {};
  #place;
  #followAlone;
  #channel;
  #leading = false;
  #isTelling = false;
  /** Its end is the end of the lead: it is the lock's. */
  #over = /** @type {PromiseWithResolvers<void>} */ (Promise.withResolvers());
  #leave = new AbortController();

  /**
   * @param {import("./ports.js").Tabs} tabs
   * @param {string} name of the group
   * @param {{ place: Place, followAlone: FollowAlone }} own `place` is where this tab's follower is
   */
  constructor(tabs, name, { place, followAlone }) {
    this.#place = place;
    this.#followAlone = followAlone;
    this.#channel = new tabs.BroadcastChannel(name);
    this.#channel.addEventListener("message", ({ data }) => this.#hear(data));
    /** Resolves when it is known whether this tab leads. */
    this.joined = this.#join(tabs.locks, name);
  }

  /** Leaves the group; if it led, another does at once. */
  close() {
    this.#leave.abort();
    this.#over.resolve();
    this.#channel.close();
  }

  /**
   * @param {LockManager} locks
   * @param {string} name
   */
  async #join(locks, name) {
    /** @type {PromiseWithResolvers<boolean>} */
    const leads = Promise.withResolvers();
    const asked = locks.request(name, { ifAvailable: true }, (lock) => {
      leads.resolve(lock !== null);
      return lock === null ? undefined : this.#lead();
    });
    // A page that may have no locks, as in a sandbox, has a connection of its own.
    asked.catch(() => leads.resolve(false));
    if (await leads.promise) return;
    this.#say({ kind: "ask" });
    // The lock comes when the one who leads is gone, however it went.
    locks.request(name, { signal: this.#leave.signal }, () => this.#lead()).catch(() => {});
  }

  /** Follows the service for all. Resolves when the lead is to be given up. */
  async #lead() {
    if (this.#leave.signal.aborted) return;
    this.#leading = true;
    this.#isTelling = true;
    const { at } = this.relay;
    // What was told already is not to be told again, nor left out.
    const after = at === null || at.next === null ? this.#place.cursor : `${at.epoch}:${at.next - 1}`;
    const place = new Place(after);
    this.relay.moveTo(place);
    void this.#tellAll(place, after);
    await this.#over.promise;
  }

  /**
   * @param {Place} place
   * @param {string | undefined} after
   */
  async #tellAll(place, after) {
    const { signal } = this.#leave;
    try {
      for await (const event of this.#followAlone(after, signal, (link) => this.#tellLink(link))) {
        if (event.type === "violation") continue;
        const before = { epoch: place.epoch, next: place.next };
        place.take(event);
        const told = { before, event, after: { epoch: place.epoch, next: place.next } };
        this.#say({ kind: "told", told });
        this.relay.put(told);
        if (event.type === "end") return;
      }
    } catch {
      // What the service refuses us it refuses each tab, which is then told the reason.
    } finally {
      this.#isTelling = false;
    }
    // Nothing comes any more, and none but the service says why.
    this.#say({ kind: "gone" });
    this.relay.clear();
  }

  /** @param {Link} link */
  #tellLink(link) {
    this.#say({ kind: "link", link });
    this.relay.wake();
    this.onLink(link);
  }

  /** @param {Message} message */
  #say(message) {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows
    if (!this.#leave.signal.aborted) this.#channel.postMessage(message);
  }

  /** @param {Message} message */
  #hear(message) {
    if (message.kind === "ask") {
      const { at } = this.relay;
      if (this.#isTelling && at !== null) this.#say({ kind: "at", at });
      return;
    }
    // The last words of one who led before us.
    if (this.#leading) return;
    if (message.kind === "told") this.relay.put(message.told);
    else if (message.kind === "at") this.relay.moveTo(message.at);
    else if (message.kind === "gone") this.relay.clear();
    else {
      this.relay.wake();
      this.onLink(message.link);
    }
  }
}
