/** Which port is taken where any will do. @module */

import { DEFAULT_PORTS, parsePorts } from "../networks.ts";

/** Ports of a range, and which of them have been drawn. */
export class PortRange {
  readonly text: string;
  readonly #first: number;
  readonly #size: number;
  readonly #drawn = new Set<number>();

  /** `text` is `FIRST-LAST`, both included. */
  constructor(text: string = DEFAULT_PORTS) {
    const { first, last } = parsePorts(text) ?? { first: 1, last: 0 };
    this.text = text;
    this.#first = first;
    this.#size = last - first + 1;
  }

  /** One at random that nobody has drawn and not given back; undefined where there is none. */
  draw(): number | undefined {
    const from = Math.floor(Math.random() * this.#size);
    for (let i = 0; i < this.#size; i++) {
      const port = this.#first + ((from + i) % this.#size);
      if (this.#drawn.has(port)) continue;
      this.#drawn.add(port);
      return port;
    }
    return undefined;
  }

  giveBack(port: number): void {
    this.#drawn.delete(port);
  }
}
