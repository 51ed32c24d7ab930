/** The word counter in C, compiled where there is a compiler. @module */

import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Text } from "./texts.ts";

/** One round of it, in a process of its own: CPU milliseconds, and what it counted. */
export type RunNative = (text: Text) => { readonly ms: number; readonly distinct: number; readonly words: number };

/** Undefined where there is no gcc. */
export function nativeEngine(): { readonly name: string; readonly run: RunNative } | undefined {
  const dir = mkdtempSync(join(tmpdir(), "sluice-bench-"));
  const program = join(dir, "words");
  const source = join(import.meta.dirname, "native/words.c");
  try {
    execFileSync("gcc", ["-O3", "-march=native", "-o", program, source], { stdio: "pipe" });
  } catch {
    return undefined;
  }
  const files = new Map<Text, string>();
  const run: RunNative = (text) => {
    const file = files.get(text) ?? join(dir, text.name);
    if (!files.has(text)) writeFileSync(file, text.bytes);
    files.set(text, file);
    // The first round of a process pays for its page faults.
    const [, ms = 0, , distinct = 0, words = 0] = execFileSync(program, [file, "2"], { encoding: "utf8" })
      .trim()
      .split(/\s/)
      .flatMap((each, i) => (i === 2 ? [0, Number(each)] : [Number(each)]));
    return { ms, distinct, words };
  };
  return { name: "native C", run };
}
