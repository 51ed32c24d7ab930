/** The counting kernel's module, compiled once for all; its source is in `src/kernel/`. @module */

import { KERNEL } from "./kernel_bytes.ts";

/** What the module exports. Addresses and sizes are in bytes. */
export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  seed(a: bigint, b: bigint, c: bigint): void;
  open(maxWords: number, maxWordBytes: number, maxLineLength: number): number;
  separateBy(size: number): number;
  feed(size: number): void;
  end(): void;
  abandon(): void;
  gather(): number;
  forget(): void;
  words(): number;
  wordBytes(): number;
  sums(): number;
  other(): number;
  setOther(count: number): void;
  takeLines(): number;
  droppedLines(): number;
  droppedBytes(): number;
  forgetDropped(): void;
  line(): number;
  lineKept(): number;
  lineLength(): number;
  isAfterReturn(): number;
  resume(length: number, isAfterReturn: boolean): void;
}

/** Random for each process, so that nobody can choose words that collide. */
const [SEED_A = 0n, SEED_B = 0n, SEED_C = 0n] = crypto.getRandomValues(new BigInt64Array(3));

let compiled: WebAssembly.Module | undefined;
let isRefused = false;

/** Counts with this module, `kernel.wasm`: for runtimes that take no module but what is imported by its name. */
export function useKernel(module: WebAssembly.Module): void {
  compiled = module;
}

/** A new kernel in a memory of its own; undefined where the runtime refuses, and everything works without. */
export function instantiateKernel(): KernelExports | undefined {
  compiled ??= compile();
  if (compiled === undefined) return undefined;
  try {
    const kernel = new WebAssembly.Instance(compiled).exports as unknown as KernelExports;
    kernel.seed(SEED_A, SEED_B, SEED_C);
    return kernel;
  } catch {
    // There is no room for one more memory.
    return undefined;
  }
}

function compile(): WebAssembly.Module | undefined {
  if (isRefused) return undefined;
  try {
    return new WebAssembly.Module(Uint8Array.from(atob(KERNEL), (char) => char.charCodeAt(0)));
  } catch {
    // There is no compiler, or none with SIMD: it is tried once.
    isRefused = true;
    return undefined;
  }
}
