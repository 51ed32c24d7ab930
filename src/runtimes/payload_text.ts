/** The text of bytes that go to many WebSockets. @module */

const decoder = new TextDecoder();
const texts = new WeakMap<Uint8Array, string>();

/** Decodes each array once, however many connections it goes to. */
export function payloadText(bytes: Uint8Array): string {
  let text = texts.get(bytes);
  if (text === undefined) texts.set(bytes, (text = decoder.decode(bytes)));
  return text;
}
