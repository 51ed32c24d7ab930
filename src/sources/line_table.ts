/** Lines as bytes in WebAssembly's memory, ready to be copied. @module */

/** The memory, and what is where in it. */
export interface LineTable {
  readonly memory: WebAssembly.Memory;
  readonly lines: number;
  /** Where the addresses are: of each line, and of the end of the last. */
  readonly starts: number;
}

const PAGE_BYTES = 65_536;

/**
 * A memory of at least `before` bytes that are free; then the addresses; then the lines in UTF-8, each with its line feed, which none of
 * `messages` has, one behind the other; then at least `after` bytes.
 */
export function lineTable(messages: readonly string[], before: number, after: number): LineTable {
  const starts = Math.ceil(before / 4) * 4;
  const addresses = messages.length + 1;
  let at = starts + addresses * 4;
  const size = messages.reduce((sum, message) => sum + Buffer.byteLength(message) + 1, at + after);
  const memory = new WebAssembly.Memory({ initial: Math.ceil(size / PAGE_BYTES) });
  const bytes = Buffer.from(memory.buffer);
  const address = new Uint32Array(memory.buffer, starts, addresses);
  for (const [line, message] of messages.entries()) {
    address[line] = at;
    at += bytes.write(message, at);
    at = bytes.writeUInt8(0x0a, at);
  }
  address[messages.length] = at;
  return { memory, lines: messages.length, starts };
}
