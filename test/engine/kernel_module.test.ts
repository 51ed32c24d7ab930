import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { buildKernel } from "../../src/kernel/build.ts";
import { instantiateKernel } from "../../src/engine/kernel_module.ts";

const ROOT = join(import.meta.dirname, "../..");
const run = promisify(execFile);

/** Counts in a module that is imported, where no bytes may be compiled. */
const STATIC = `
  import source module from "./src/engine/kernel.wasm";
  import { useKernel } from "./src/engine/mod.ts";
  import { Kernel } from "./src/engine/kernel.ts";
  WebAssembly.Module = class { constructor() { throw new Error("Cannot compile bytes here"); } };
  const options = { separator: Uint8Array.of(32), maxWords: 9, maxWordBytes: 99, maxLineLength: 99 };
  if (Kernel.open(options) !== undefined) throw new Error("bytes were compiled");
  useKernel(module);
  const kernel = Kernel.open(options);
  kernel.write(new TextEncoder().encode("to be or not to be\\n"));
  console.log(kernel.takeWords().words.join());
`;

describe("the kernel's module", () => {
  test("is what npm run build:kernel makes of its sources, byte for byte", async () => {
    for (const [path, bytes] of await buildKernel()) expect((await readFile(path)).equals(bytes)).toBe(true);
  }, 60_000);

  test("wants nothing of its host, and says how much memory it will ever have", async () => {
    const module = await WebAssembly.compile(await readFile(join(ROOT, "src/engine/kernel.wasm")));
    expect(WebAssembly.Module.imports(module)).toEqual([]);
    const memory = instantiateKernel()?.memory;
    expect(memory?.buffer.byteLength).toBeLessThanOrEqual(2 * 65_536);
    expect(() => memory?.grow(32_768)).toThrow(RangeError);
  });

  test("can be imported by its name where bytes may not be compiled", async () => {
    const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", STATIC], { cwd: ROOT });
    expect(stdout).toBe("to,be,or,not\n");
  });
});
