/** When the page is drawn: once before a frame, what is due first, and no longer than a frame can bear. @module */

/** A frame at 60 a second has 16 ms, of which the browser wants its own. */
const BUDGET_MS = 8;

/**
 * A part of the page: draws itself, at most every so many ms.
 * @typedef {{ draw: () => void, everyMs: number }} Part
 */

/** Draws parts of the page. */
export class Drawing {
  /** @type {readonly { draw: () => void, everyMs: number, due: boolean, drawnAt: number }[]} */
  #parts;
  #asked = false;

  /** @param {readonly Part[]} parts the more urgent first */
  constructor(parts) {
    this.#parts = parts.map((part) => ({ ...part, due: false, drawnAt: -Infinity }));
  }

  /** Something has changed: every part looks for itself whether it has to draw. */
  ask() {
    for (const part of this.#parts) part.due = true;
    this.#wait();
  }

  #wait() {
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
      part.draw();
    }
    if (this.#parts.some(({ due }) => due)) this.#wait();
  }
}
