/** Where words and lines end. @module */

export const LF: u32 = 0x0a;
export const CR: u32 = 0x0d;
/** The longest separator. */
export const LONGEST_SEPARATOR: u32 = 64;

/** What is between words: its first byte, and all of them. */
export let separator: u32 = 0x20;
export let separatorSize: u32 = 1;
const separatorBytes: usize = memory.data(64, 16);

export function setSeparator(at: usize, size: u32): void {
  memory.copy(separatorBytes, at, size);
  separator = <u32>load<u8>(at);
  separatorSize = size;
}

/** Whether the separator is at a place of a line that ends at `end`. */
export function separates(at: usize, end: usize): bool {
  if (at + separatorSize > end) return false;
  for (let i: usize = 0; i < separatorSize; i++) if (load<u8>(at + i) !== load<u8>(separatorBytes + i)) return false;
  return true;
}

// @ts-ignore: AssemblyScript's decorators stand on functions too.
@inline
export function bitsOf(a: v128, b: v128, c: v128, d: v128): u64 {
  return (
    <u64>(<u32>i8x16.bitmask(a)) |
    (<u64>(<u32>i8x16.bitmask(b)) << 16) |
    (<u64>(<u32>i8x16.bitmask(c)) << 32) |
    (<u64>(<u32>i8x16.bitmask(d)) << 48)
  );
}

/** The bits of the line ends in a block of 64 bytes; of the bytes that may begin a separator too. */
export function endsIn(block: usize, orSeparators: bool): u64 {
  const a = v128.load(block);
  const b = v128.load(block, 16);
  const c = v128.load(block, 32);
  const d = v128.load(block, 48);
  const feeds = i8x16.splat(<i8>LF);
  const returns = i8x16.splat(<i8>CR);
  const ends = bitsOf(
    v128.or(i8x16.eq(a, feeds), i8x16.eq(a, returns)),
    v128.or(i8x16.eq(b, feeds), i8x16.eq(b, returns)),
    v128.or(i8x16.eq(c, feeds), i8x16.eq(c, returns)),
    v128.or(i8x16.eq(d, feeds), i8x16.eq(d, returns)),
  );
  if (!orSeparators) return ends;
  const by = i8x16.splat(<i8>separator);
  return ends | bitsOf(i8x16.eq(a, by), i8x16.eq(b, by), i8x16.eq(c, by), i8x16.eq(d, by));
}
