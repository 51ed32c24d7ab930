/** A place in a log: `<epoch>:<seq>`. @module */

import { SluiceError } from "../errors.ts";

/** The batch last seen. Without an epoch nobody can tell whether it was a batch of this log. */
export interface Cursor {
  readonly epoch: string | null;
  readonly seq: number;
}

const FORM = /^(?:([a-z0-9]{1,32}):)?(\d{1,15})$/;

/** @example formatCursor("k3v9", 2); // "k3v9:2" */
export function formatCursor(epoch: string | null, seq: number): string {
  return epoch === null ? String(seq) : `${epoch}:${seq}`;
}

/** Reads `<epoch>:<seq>`, or a bare `<seq>`; `name` is what the message calls the value. */
export function parseCursor(text: string, name: string): Cursor {
  const match = FORM.exec(text);
  if (match === null) {
    const shown = JSON.stringify(text.slice(0, 60));
    throw new SluiceError("bad_cursor", `Cannot resume: ${name} is ${shown}, wanted is a cursor such as "k3v9:2"`);
  }
  return { epoch: match[1] ?? null, seq: Number(match[2]) };
}
