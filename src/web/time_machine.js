/** The controls of the time machine. @module */

import { clockTime, number } from "./amounts.js";
import { part, setText } from "./elements.js";
import { Replay } from "./replay.js";
import { showRibbon } from "./ribbon.js";
import { seqOf } from "./wire.js";

/** @typedef {import("./live.js").Live} Live */

const scrubber = part("scrubber", HTMLInputElement);
const back = part("step-back", HTMLButtonElement);
const on = part("step-on", HTMLButtonElement);
const slow = part("replay-1", HTMLButtonElement);
const fast = part("replay-10", HTMLButtonElement);
const toLive = part("back-to-live", HTMLButtonElement);
const text = part("machine-text", HTMLElement);

/** Shows a session as it was; it is live until a hand is put on it. */
export class TimeMachine {
  /** @type {Live | null} */
  #live = null;
  /** @type {Replay | null} */
  #replay = null;
  #changed;

  /** @param {() => void} changed */
  constructor(changed) {
    this.#changed = changed;
    scrubber.addEventListener("input", () => this.choose(scrubber.valueAsNumber));
    back.addEventListener("click", () => this.choose(this.#at() - 1));
    on.addEventListener("click", () => this.choose(this.#at() + 1));
    slow.addEventListener("click", () => this.#play(1));
    fast.addEventListener("click", () => this.#play(10));
    toLive.addEventListener("click", () => this.follow(this.#live));
  }

  /** What is to be shown. */
  get scene() {
    return this.#replay?.told.batch ? this.#replay : this.#live;
  }

  get isLive() {
    return this.scene === this.#live;
  }

  /**
   * Is live, of this session.
   * @param {Live | null} live
   */
  follow(live) {
    this.#replay?.close();
    this.#replay = null;
    this.#live = live;
    this.#changed();
  }

  /**
   * Shows this batch.
   * @param {number} seq
   */
  choose(seq) {
    const { first, last } = this.#range();
    if (last === 0) return;
    void this.#machine().seek(Math.min(Math.max(seq, first), last));
  }

  draw() {
    if (this.#live === null) return;
    const { first, last } = this.#range();
    const at = this.#at();
    scrubber.disabled = last === 0;
    scrubber.min = String(first);
    scrubber.max = String(Math.max(first, last));
    if (scrubber.valueAsNumber !== at) scrubber.value = String(at);
    const batch = this.scene?.told.batch;
    const when = batch ? `, ${clockTime(Date.parse(batch.time))}` : "";
    scrubber.setAttribute("aria-valuetext", `Batch ${number(at)} of ${number(last)}${when}`);
    back.disabled = at <= first;
    on.disabled = this.isLive || at >= last;
    toLive.disabled = this.isLive;
    slow.setAttribute("aria-pressed", String(this.#replay?.speed === 1));
    fast.setAttribute("aria-pressed", String(this.#replay?.speed === 10));
    setText(text, this.#words(at, last));
    document.body.classList.toggle("past", !this.isLive);
    showRibbon(this.#live.told, { first, last, at });
  }

  /** @param {number} at @param {number} last */
  #words(at, last) {
    const problem = this.#replay?.problem ?? "";
    if (problem !== "") return problem;
    if (this.isLive) return last === 0 ? "" : "Live";
    return `The past: batch ${number(at)} of ${number(last)}`;
  }

  /** @param {number} speed */
  #play(speed) {
    const machine = this.#machine();
    if (machine.speed === speed) machine.play(0);
    else if (machine.told.batch !== null && machine.told.batch.seq < this.#range().last) machine.play(speed);
    // From the newest there is nothing to replay: it begins at the oldest.
    else void machine.seek(this.#range().first).then(() => machine.play(speed));
  }

  #machine() {
    if (this.#live === null) throw new TypeError("Cannot travel in time: there is no session");
    return (this.#replay ??= new Replay(this.#live, this.#changed));
  }

  #at() {
    return this.scene?.told.batch?.seq ?? 0;
  }

  /** Numbers of the oldest and the newest batch there is. */
  #range() {
    const last = this.#live?.told.batch?.seq ?? 0;
    return { first: Math.min(Math.max(1, seqOf(this.#live?.session?.tail ?? null), last - 999), last), last };
  }
}
