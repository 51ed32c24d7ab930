/** A place in a log, as the service writes it: `<epoch>:<seq>`. @module */

/** @typedef {{ epoch: string | null, seq: number }} Cursor A bare number has no epoch. */

const FORM = /^(?:([a-z0-9]{1,32}):)?(\d{1,15})$/;

/**
 * Reads a cursor; undefined when it is none.
 * @param {unknown} text
 * @returns {Cursor | undefined}
 */
export function readCursor(text) {
  const match = typeof text === "string" ? FORM.exec(text) : null;
  return match === null ? undefined : { epoch: match[1] ?? null, seq: Number(match[2]) };
}

/** @param {Cursor} cursor */
export function writeCursor({ epoch, seq }) {
  return epoch === null ? String(seq) : `${epoch}:${seq}`;
}
