/** How long to wait before the next try. @module */

const BASE_MS = 1000;
const MOST_MS = 30_000;
/** Past this the wait is at its most anyhow. */
const MOST_DOUBLINGS = 16;

/**
 * Exponential backoff with full jitter: those who lost a service at the same time do not come back at the same time. A
 * `Retry-After` is a least wait, to which the jitter is added.
 */
export class Backoff {
  /** Doubles at each try in a row; the service's `retry:` sets it. */
  baseMs = BASE_MS;
  #tries = 0;
  #random;

  /** @param {() => number} random from 0 to 1 */
  constructor(random) {
    this.#random = random;
  }

  /** All is well again. */
  reset() {
    this.#tries = 0;
  }

  /**
   * The next wait, in ms.
   * @param {{ afterMs: number, atOnce: boolean }} lost
   * @returns {number}
   */
  next({ afterMs, atOnce }) {
    const tries = this.#tries++;
    if (atOnce && tries === 0) return 0;
    const most = Math.min(MOST_MS, this.baseMs * 2 ** Math.min(tries, MOST_DOUBLINGS));
    return afterMs + this.#random() * most;
  }
}

/**
 * Reads `Retry-After` (RFC 9110, 10.2.3): seconds or a date; gives ms, 0 when there is none.
 * @param {string | null} header
 * @param {number} now ms since the Unix epoch
 * @returns {number}
 */
export function readRetryAfter(header, now) {
  if (header === null) return 0;
  const ms = /^\d{1,9}$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}
