/** Blocks of memory: powers of two, given back to lists by size, so growing tables live in at most twice what they need. @module */

const PAGE_BITS: u32 = 16;
/** Memory is grown by at least so many pages. */
const STEP_PAGES: u32 = 16;

/** The first free block of each size; a free block holds the next one's address. */
const lists = memory.data(33 * 4, 16);
let top: usize = (__heap_base + 15) & ~15;

/** The size of the block that `size` bytes need. */
export function blockSize(size: u32): u32 {
  return size <= 16 ? 16 : 1 << (32 - clz(size - 1));
}

/** A block of `size` bytes, a power of two; its bytes are anything. 0 when the host gives no more memory. */
export function take(size: u32): usize {
  const list = lists + (ctz(size) << 2);
  const free = load<usize>(list);
  if (free !== 0) {
    store<usize>(list, load<usize>(free));
    return free;
  }
  const end = <u64>top + size;
  const have = <u64>(<u32>memory.size()) << PAGE_BITS;
  if (end > have) {
    const pages = <u32>((end - have + 0xffff) >> PAGE_BITS);
    if (memory.grow(max(pages, STEP_PAGES)) === -1 && memory.grow(pages) === -1) return 0;
  }
  const block = top;
  top = <usize>end;
  return block;
}

/** Gives a block back. */
export function giveBack(block: usize, size: u32): void {
  const list = lists + (ctz(size) << 2);
  store<usize>(block, load<usize>(list));
  store<usize>(list, block);
}
