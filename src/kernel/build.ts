/** Builds the counting kernel from `assembly/`: `npm run build:kernel`. The same sources give the same bytes on every machine. @module */

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const ROOT = join(import.meta.dirname, "../..");
const SOURCES = join(import.meta.dirname, "assembly");
const ENGINE = join(ROOT, "src/engine");
const OPTIONS = "--runtime stub --noAssert -O3 --converge --enable simd --use abort= --maximumMemory 32768".split(" ");

/** What is committed, by its path: the module, and the same as a source text for where files are not at hand. */
export async function buildKernel(): Promise<ReadonlyMap<string, Uint8Array>> {
  const wasm = await compile();
  const text = `/** The counting kernel as text, made by \`npm run build:kernel\`. @module */

/** The bytes of \`kernel.wasm\` in base64. */
export const KERNEL: string =
  "${Buffer.from(wasm).toString("base64")}";
`;
  return new Map([
    [join(ENGINE, "kernel.wasm"), wasm],
    [join(ENGINE, "kernel_bytes.ts"), new TextEncoder().encode(text)],
  ]);
}

async function compile(): Promise<Uint8Array> {
  const dir = await mkdtemp(join(tmpdir(), "sluice-kernel-"));
  try {
    // As a program: as an import its types would be everybody's.
    const asc = join(ROOT, "node_modules/assemblyscript/bin/asc.js");
    const outFile = join(dir, "kernel.wasm");
    await promisify(execFile)(process.execPath, [asc, "kernel.ts", "--outFile", outFile, ...OPTIONS], { cwd: SOURCES });
    return await readFile(outFile);
  } finally {
    await rm(dir, { recursive: true });
  }
}

if (import.meta.main) for (const [path, bytes] of await buildKernel()) await writeFile(path, bytes);
