/** Lines that come as JSON, one value a line. @module */

import { SluiceError } from "../errors.ts";
import { LIMITS } from "../limits.ts";

const MAX_JSON_LINE = LIMITS.maxJsonLineLength.value;
const WANTED = 'a string, or an object as {"line":"…"}, is wanted';
const encoder = new TextEncoder();

/** Reads NDJSON, cut anywhere. */
export class JsonLines {
  readonly #decoder = new TextDecoder();
  #rest = "";
  #values = 0;

  /** The lines of the values that are whole by now, each with a line feed. Throws at a value that is none, and gives what was before it to `take`. */
  read(chunk: Uint8Array, take: (lines: Uint8Array) => void): void {
    this.#take(this.#rest + this.#decoder.decode(chunk, { stream: true }), take);
    if (this.#rest.length > MAX_JSON_LINE) {
      throw new SluiceError(
        "body_too_large",
        `Cannot take value ${this.#values + 1}: it is longer than ${MAX_JSON_LINE} characters`,
      );
    }
  }

  /** The last value needs no line end. */
  end(take: (lines: Uint8Array) => void): void {
    this.#take(`${this.#rest}${this.#decoder.decode()}\n`, take);
  }

  #take(text: string, take: (lines: Uint8Array) => void): void {
    const values = text.split("\n");
    this.#rest = values.pop() ?? "";
    let lines = "";
    try {
      for (const value of values) {
        if (value.trim() !== "") lines += `${this.#lineOf(value)}\n`;
      }
    } finally {
      if (lines !== "") take(encoder.encode(lines));
    }
  }

  #lineOf(text: string): string {
    this.#values++;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (failure) {
      throw new SluiceError("bad_json", `Cannot take value ${this.#values}: it is not JSON; ${WANTED}`, {
        cause: failure,
      });
    }
    const line = typeof value === "string" ? value : (value as { line?: unknown } | null)?.line;
    if (typeof line === "string") return line;
    throw new SluiceError("bad_json", `Cannot take value ${this.#values}: ${WANTED}`);
  }
}
