/** When the page is drawn: before a frame, what is due first, and no longer than a frame can bear. @module */

/** A frame at 60 a second has 16 ms, of which the browser wants its own. */
const BUDGET_MS = 8;

/**
 * A part of the page: draws itself, at most every so many ms; with `ticks` as time goes by, too.
 * @typedef {{ draw: () => void, everyMs: number, ticks?: boolean }} Part
 */

/** Draws parts of the page. */
export class Drawing {
  /** @type {readonly (Part & { due: boolean, drawnAt: number })[]} */
  #parts;
  #asked = false;
  #timer = 0;

  /** @param {readonly Part[]} parts the more urgent first */
  constructor(parts) {
    this.#parts = parts.map((part) => ({ ...part, due: false, drawnAt: -Infinity }));
  }

  /** Something has changed: every part looks for itself whether it has to draw. */
  ask() {
    for (const part of this.#parts) part.due = true;
    this.#wait();
  }

  /** Time has gone by. */
  tick() {
    for (const part of this.#parts) if (part.ticks === true) part.due = true;
    this.#wait();
  }

  #wait() {
    clearTimeout(this.#timer);
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame((now) => {
      this.#asked = false;
      this.#draw(now);
    });
  }

  /** @param {number} now */
  #draw(now) {
    const end = performance.now() + BUDGET_MS;
    for (const part of this.#parts) {
      if (!part.due || now - part.drawnAt < part.everyMs) continue;
      if (performance.now() > end) break;
      part.due = false;
      part.drawnAt = now;
      try {
        part.draw();
      } catch (failure) {
        // One part that fails is no reason to show nothing of the others.
        reportError(failure);
      }
    }
    const left = this.#parts.filter(({ due }) => due).map(({ drawnAt, everyMs }) => drawnAt + everyMs - now);
    if (left.length === 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#wait(), Math.max(0, Math.min(...left)));
  }
}
