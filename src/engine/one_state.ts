/** The state of one key, as a function of `mapWithState` sees it. @module */

/** Spark's `State`. */
export interface State<S> {
  exists(): boolean;
  /** Throws where there is none. */
  get(): S;
  getOption(): S | undefined;
  update(state: S): void;
  remove(): void;
  /** This is the key's last call: it has had no record for longer than the timeout. */
  isTimingOut(): boolean;
}

/** One key's state during one call. */
export class OneState<S> implements State<S> {
  isRemoved = false;
  readonly #timingOut: boolean;
  #state: S | undefined;

  /** `state`: undefined where there is none. */
  constructor(state: S | undefined, timingOut: boolean) {
    this.#state = state;
    this.#timingOut = timingOut;
  }

  exists(): boolean {
    return this.#state !== undefined;
  }

  get(): S {
    if (this.#state === undefined) throw new RangeError("Cannot get the state: it is not set");
    return this.#state;
  }

  getOption(): S | undefined {
    return this.#state;
  }

  update(state: S): void {
    this.#mustBeFree("update");
    this.#state = state;
  }

  remove(): void {
    this.#mustBeFree("remove");
    this.#state = undefined;
    this.isRemoved = true;
  }

  isTimingOut(): boolean {
    return this.#timingOut;
  }

  #mustBeFree(what: string): void {
    if (this.isRemoved) throw new TypeError(`Cannot ${what} the state: it has been removed`);
    if (this.#timingOut) throw new TypeError(`Cannot ${what} the state: it is timing out`);
  }
}
