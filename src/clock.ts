/** The only reader of time. Everything else is handed a {@link Clock}. @module */

/** Undoes what returned it; calling it again does nothing. */
export type Cancel = () => void;

/** Where time comes from: the system, or a test's hand. */
export interface Clock {
  /** Wall-clock time in ms since the Unix epoch. It may jump; use it for labels only. */
  now(): number;
  /** Monotonic time in ms since an arbitrary start. Use it for every delay and duration. */
  elapsed(): number;
  /** Calls `run` once, `delayMs` from now at the earliest. */
  after(delayMs: number, run: () => void): Cancel;
  /** Calls `run` once, at `time` of {@link elapsed} and no earlier, as exactly as can be: waits busily for the last ms. */
  at(time: number, run: () => void): Cancel;
}

/** Longest delay `setTimeout` keeps (a longer one fires at once). */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;
/** A timer comes at most so much too late, when nothing else is going on. */
const TIMER_LATE_MS = 2;
/** Longest busy wait. */
const SPIN_MS = 1.2;

/** The machine's own clock. Timers do keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, timeoutFor(delayMs));
    return () => clearTimeout(timer);
  },
  at(time, run) {
    let timer = setTimeout(wake, timeoutFor(time - performance.now() - TIMER_LATE_MS));
    function wake(): void {
      const left = time - performance.now();
      if (left > SPIN_MS) {
        timer = setTimeout(wake, timeoutFor(left - 1));
        return;
      }
      while (performance.now() < time);
      run();
    }
    return () => clearTimeout(timer);
  },
};

/** When this process began, in s since the Unix epoch. */
export function startedAt(): number {
  return performance.timeOrigin / 1000;
}

function timeoutFor(ms: number): number {
  return Math.min(Math.max(0, ms), MAX_TIMEOUT_MS);
}

/** Calls `run` when input, output and timers that wait have had their turn. It is a matter of order, not of time. */
export function inNextTurn(run: () => void): void {
  setImmediate(run);
}

/**
 * Calls `run` once, some `delayMs` from now, if the process still lives for another reason. For the start of a process: Deno has to
 * load its timers before it can set one, this it has at hand.
 */
export function shortlyAfter(delayMs: number, run: () => void): void {
  AbortSignal.timeout(delayMs).addEventListener("abort", run);
}

/** Resolves after `delayMs`. */
export function sleep(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });
}

/** Settles as `work` does, or resolves with `undefined` when `limitMs` have passed first. */
export async function atMost<T>(clock: Clock, limitMs: number, work: Promise<T>): Promise<T | undefined> {
  const limit = Promise.withResolvers<undefined>();
  const cancel = clock.after(limitMs, () => limit.resolve(undefined));
  try {
    return await Promise.race([work, limit.promise]);
  } finally {
    cancel();
  }
}

/** Calls `run` every `periodMs`, the first time after one period, until cancelled. Drift does not add up. */
export function every(clock: Clock, periodMs: number, run: () => void): Cancel {
  let due = clock.elapsed() + periodMs;
  let cancel: Cancel = clock.after(periodMs, fire);
  let cancelled = false;
  function fire(): void {
    run();
    due = Math.max(due + periodMs, clock.elapsed());
    if (!cancelled) cancel = clock.after(due - clock.elapsed(), fire);
  }
  return () => {
    cancelled = true;
    cancel();
  };
}

/** What may say nothing for so long, and no longer. */
export interface Silence {
  readonly limitMs: number;
  /** When something was last said, on the monotonic clock. */
  readonly saidAt: () => number;
  /** It is not listened to for now, so it is not to blame. */
  readonly isHeld: () => boolean;
  readonly onIdle: () => void;
}

/** Calls `onIdle` once, when nothing has been said for so long. It is one timer, however much is said. */
export function whenIdle(clock: Clock, { limitMs, saidAt, isHeld, onIdle }: Silence): Cancel {
  const beganAt = clock.elapsed();
  let cancel = clock.after(limitMs, look);
  function look(): void {
    const left = isHeld() ? limitMs : Math.max(beganAt, saidAt()) + limitMs - clock.elapsed();
    if (left > 0) cancel = clock.after(left, look);
    else onIdle();
  }
  return () => cancel();
}

/** Work done a little at a time: each step says how much it was, in units of some 50 ns. */
export type Steps<T> = Generator<number, T, void>;

/** A slice is over after so many units, or ms. */
const SLICE_UNITS = 1 << 17;
const SLICE_MS = 5;

/** Slices that wait: whosever they are, one is done in a turn. */
const slices: (() => void)[] = [];

/** Does steps of work until a time on the monotonic clock, in ms; true when that was the last. */
export function doUntil(clock: Clock, end: number, steps: Iterator<unknown>): boolean {
  while (clock.elapsed() < end) if (steps.next().done === true) return true;
  return false;
}

/** Does long work in slices, one in a turn of the event loop, so that everything else gets its turn in between. */
export function inSlices<T>(steps: Steps<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const slice = (): void => {
    try {
      const end = systemClock.elapsed() + SLICE_MS;
      for (let units = 0; units < SLICE_UNITS && systemClock.elapsed() < end;) {
        const step = steps.next();
        if (step.done === true) {
          resolve(step.value);
          return;
        }
        units += step.value;
      }
      addSlice(slice);
    } catch (failure) {
      reject(failure);
    }
  };
  addSlice(slice);
  return promise;
}

function addSlice(slice: () => void): void {
  slices.push(slice);
  if (slices.length === 1) inNextTurn(doSlice);
}

function doSlice(): void {
  slices[0]?.();
  slices.shift();
  if (slices.length > 0) inNextTurn(doSlice);
}
