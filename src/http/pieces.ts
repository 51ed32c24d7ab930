/** Long answers, made and sent in pieces so that no turn of the event loop is held by one. @module */

import { inNextTurn, type Steps } from "../clock.ts";

/** What is made a piece at a time, each when it is asked for; an empty one is a step that made nothing yet. */
export type Pieces = Generator<Uint8Array<ArrayBuffer>, void>;

/** What a piece costs at the least, as {@link Steps} count. */
const PIECE_UNITS = 1 << 13;
const encoder = new TextEncoder();

/** A text with others around it, whole or in pieces as it is. */
export function around(before: string, inner: string | Pieces, after: string): string | Pieces {
  return typeof inner === "string" ? before + inner + after : piecesAround(before, inner, after);
}

function* piecesAround(before: string, inner: Pieces, after: string): Pieces {
  yield encoder.encode(before);
  yield* inner;
  yield encoder.encode(after);
}

/** All pieces as one array. */
export function* joined(pieces: Pieces): Steps<Uint8Array> {
  const all: Uint8Array[] = [];
  for (const piece of pieces) {
    all.push(piece);
    yield Math.max(PIECE_UNITS, piece.length >> 2);
  }
  const bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of all) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** What a body makes in one turn. */
const TURN_BYTES = 1 << 15;

/** A body that is made as its reader takes it, some pieces in a turn. */
export function bodyOf(pieces: Pieces): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    pull: (controller) =>
      new Promise((resolve, reject) => {
        inNextTurn(() => {
          try {
            fill(controller, pieces);
            resolve();
          } catch (failure) {
            reject(failure);
          }
        });
      }),
    cancel: () => void pieces.return(),
  });
}

function fill(controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>, pieces: Pieces): void {
  for (let made = 0; made < TURN_BYTES;) {
    const { done, value } = pieces.next();
    if (done === true) {
      controller.close();
      return;
    }
    made += value.length;
    if (value.length > 0) controller.enqueue(value);
  }
}
