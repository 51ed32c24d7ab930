/** The first few of many in an order, without putting all in order. @module */

/**
 * Keeps the first `size` of what it is given.
 * @template T
 */
export class Best {
  /** @type {T[]} in order */
  items = [];
  /** How many were given. */
  given = 0;
  #size;
  #compare;

  /**
   * @param {number} size
   * @param {(a: T, b: T) => number} compare
   */
  constructor(size, compare) {
    this.#size = size;
    this.#compare = compare;
  }

  /** @param {T} item */
  add(item) {
    this.given++;
    const last = this.items.at(-1);
    const full = this.items.length === this.#size;
    if (full && last !== undefined && this.#compare(item, last) >= 0) return;
    if (full) this.items.pop();
    this.items.splice(this.#placeOf(item), 0, item);
  }

  /** Behind all that come before it, or are its equals. @param {T} item */
  #placeOf(item) {
    let [low, high] = [0, this.items.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = /** @type {T} */ (this.items[middle]);
      if (this.#compare(other, item) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
