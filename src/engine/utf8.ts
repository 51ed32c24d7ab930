/** Bytes -> text, as the JVM under Spark does it. @module */

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const REPLACEMENT = "\uFFFD";
const REPLACEMENT_BYTES = [0xef, 0xbf, 0xbd] as const;

/**
 * Decodes UTF-8: bad bytes become U+FFFD, a byte-order mark stays. Java and the Encoding Standard agree on how many
 * U+FFFD a malformed sequence gives, but for coded surrogates (`ED A0..BF xx`): one in Java, up to three in the standard.
 * Spark's lines come through Java, so ours are Java's.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  const text = decoder.decode(bytes);
  if (!text.includes(REPLACEMENT)) return text;
  const repaired = replaceSurrogates(bytes);
  return repaired === bytes ? text : decoder.decode(repaired);
}

/** The bytes with each coded surrogate, whole or cut after two bytes, made one U+FFFD. */
function replaceSurrogates(bytes: Uint8Array): Uint8Array {
  let at = nextSurrogate(bytes, 0);
  if (at === -1) return bytes;
  const out: number[] = [];
  let from = 0;
  while (at !== -1) {
    for (let i = from; i < at; i++) out.push(bytes[i] ?? 0);
    out.push(...REPLACEMENT_BYTES);
    from = at + (isContinuation(bytes[at + 2]) ? 3 : 2);
    at = nextSurrogate(bytes, from);
  }
  for (let i = from; i < bytes.length; i++) out.push(bytes[i] ?? 0);
  return Uint8Array.from(out);
}

function nextSurrogate(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xed, from); at !== -1; at = bytes.indexOf(0xed, at + 1)) {
    const second = bytes[at + 1] ?? 0;
    if (second >= 0xa0 && second <= 0xbf) return at;
  }
  return -1;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x80 && byte <= 0xbf;
}
