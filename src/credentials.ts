/** The tokens that a service takes: the one that was said, and those of a file. @module */

import { readNamed, type Config } from "./config/mod.ts";
import { parseTokens, tokenOf, type Token } from "./front/mod.ts";

const WANTED = "lines such as sluice token prints are wanted";

/** Reads them anew; null: nobody is asked for one. Rejects with `bad_option`, which names the line at fault. */
export async function readCredentials(
  { token, tokens }: Pick<Config, "token" | "tokens">,
  digest: (text: string) => string,
): Promise<readonly Token[] | null> {
  const said = token === null ? [] : [tokenOf(token, digest)];
  if (tokens === null) return token === null ? null : said;
  return [...said, ...parseTokens(await readNamed(tokens, WANTED), tokens)];
}
