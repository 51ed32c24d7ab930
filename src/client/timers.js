/** Time, for the client: the only place here that sets a timer. @module */

/** @typedef {{ after(delayMs: number, run: () => void): () => void, now(): number }} Clock Gives what cancels; ms since the Unix epoch. */

/** @type {Clock} */
export const systemClock = {
  now: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/**
 * Resolves after a while; rejects with the signal's reason when that comes first.
 * @param {Clock} clock
 * @param {number} delayMs
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<void>}
 */
export async function sleep(clock, delayMs, signal) {
  signal?.throwIfAborted();
  /** @type {PromiseWithResolvers<void>} */
  const slept = Promise.withResolvers();
  const wake = () => slept.resolve();
  const cancel = clock.after(delayMs, wake);
  signal?.addEventListener("abort", wake);
  await slept.promise;
  cancel();
  signal?.removeEventListener("abort", wake);
  signal?.throwIfAborted();
}
