/** Files that an operator names. @module */

import { messageOf, SluiceError, systemCodeOf } from "../errors.ts";

/** The text of one; rejects with `bad_option`, which says what is wanted in it. */
export async function readNamed(path: string, wanted: string): Promise<string> {
  // Only who has a file waits for this to load.
  const { readFile } = await import("node:fs/promises");
  try {
    return await readFile(path, "utf8");
  } catch (failure) {
    const code = systemCodeOf(failure);
    const why = code === "ENOENT" ? "there is no such file" : (code ?? messageOf(failure));
    throw new SluiceError("bad_option", `Cannot read ${path}: ${why}, ${wanted}`, { cause: failure });
  }
}
