/** Names nobody can guess or has had. @module */

const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

/** `length` random lower-case letters and digits, 5.2 bits each. */
export function randomName(length: number): string {
  let name = "";
  while (name.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length))) {
      // 252 is the largest multiple of 36 in a byte: the rest would favour the first letters.
      if (byte < 252 && name.length < length) name += LETTERS[byte % LETTERS.length];
    }
  }
  return name;
}
