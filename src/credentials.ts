/** The tokens that a service takes: the one that was said, and those of a file. @module */

import type { Config } from "./config/mod.ts";
import { messageOf, SluiceError, systemCodeOf } from "./errors.ts";
import { parseTokens, tokenOf, type Token } from "./front/mod.ts";

/** Reads them anew; null: nobody is asked for one. Rejects with `bad_option`, which names the line at fault. */
export async function readCredentials(
  { token, tokens }: Pick<Config, "token" | "tokens">,
  digest: (text: string) => string,
): Promise<readonly Token[] | null> {
  const said = token === null ? [] : [tokenOf(token, digest)];
  if (tokens === null) return token === null ? null : said;
  return [...said, ...parseTokens(await read(tokens), tokens)];
}

async function read(path: string): Promise<string> {
  // Only who has a file waits for this to load.
  const { readFile } = await import("node:fs/promises");
  try {
    return await readFile(path, "utf8");
  } catch (failure) {
    const why =
      systemCodeOf(failure) === "ENOENT" ? "there is no such file" : (systemCodeOf(failure) ?? messageOf(failure));
    const wanted = "lines such as sluice token prints are wanted";
    throw new SluiceError("bad_option", `Cannot read ${path}: ${why}, ${wanted}`, { cause: failure });
  }
}
