/** Counts of many words as JSON, made of their bytes. @module */

import type { Words } from "./word_order.ts";

/** Bytes of a piece, unless one word needs more. */
const PIECE_BYTES = 1 << 16;
/** What a word needs beside its bytes: brackets, quotes, comma, and a count of up to 16 digits or an exponent. */
const PAIR_BYTES = 40;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const HEX = "0123456789abcdef";
/** What JSON has letters for. */
const LETTERS: Readonly<Record<number, string>> = { 0x08: "b", 0x09: "t", 0x0a: "n", 0x0c: "f", 0x0d: "r" };

/** The pairs `["word",count]` of the given places with commas in between, as `JSON.stringify` writes them, in pieces. */
export function* pairsJson(words: Words, places: Uint32Array): Generator<Uint8Array<ArrayBuffer>, void> {
  const { starts, counts } = words;
  let piece = new Uint8Array(PIECE_BYTES);
  let used = 0;
  for (let i = 0; i < places.length; i++) {
    const place = places[i] as number;
    const most = ((starts[place + 1] as number) - (starts[place] as number)) * 6 + PAIR_BYTES;
    if (used + most > piece.length) {
      if (used > 0) yield piece.subarray(0, used);
      piece = new Uint8Array(Math.max(PIECE_BYTES, most));
      used = 0;
    }
    if (i > 0) piece[used++] = 0x2c;
    piece[used++] = 0x5b;
    used = appendWord(words, place, { piece, at: used });
    piece[used++] = 0x2c;
    const count = counts[place] as number;
    // Most are small, and a text for each costs as much as all the rest.
    if (count < 10) piece[used++] = 0x30 + count;
    else used = append(String(count), piece, used);
    piece[used++] = 0x5d;
  }
  if (used > 0) yield piece.subarray(0, used);
}

/** Appends a word as a JSON string; gives where it ends. */
function appendWord(words: Words, place: number, { piece, at }: { piece: Uint8Array; at: number }): number {
  const { bytes, starts } = words;
  const end = (starts[place + 1] as number) - 1;
  let used = at;
  piece[used++] = QUOTE;
  for (let i = starts[place] as number; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte < 0x20 || byte === QUOTE || byte === BACKSLASH) used = escape(byte, piece, used);
    else piece[used++] = byte;
  }
  piece[used++] = QUOTE;
  return used;
}

function escape(byte: number, piece: Uint8Array, at: number): number {
  const letter = LETTERS[byte] ?? (byte < 0x20 ? `u00${HEX[byte >> 4]}${HEX[byte & 0xf]}` : String.fromCharCode(byte));
  piece[at] = BACKSLASH;
  return append(letter, piece, at + 1);
}

/** Appends a text of ASCII; gives where it ends. */
function append(text: string, piece: Uint8Array, at: number): number {
  for (let i = 0; i < text.length; i++) piece[at + i] = text.charCodeAt(i);
  return at + text.length;
}
