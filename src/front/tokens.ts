/** Bearer tokens: known by their SHA-256 alone. @module */

import { SluiceError } from "../errors.ts";
import { SCOPES, type Scope } from "./scopes.ts";
import { randomSecret } from "./secrets.ts";

/** A token, as far as it is known. */
export interface Token {
  /** Whose it is, for people. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** SHA-256 of it, as 64 hexadecimal digits in lower case. */
  readonly hash: string;
}

/** SHA-256 of a text, as {@link Token.hash} has it. */
export type Digest = (text: string) => string;

const NAME = /^[\w.-]{1,64}$/;
const HASH = /^[0-9a-f]{64}$/i;
/** Compared with where no token is known, so that this takes as long. */
const NOBODY: Token = { name: "", scopes: [], hash: "0".repeat(64) };

/** The tokens that are good. */
export class Tokens {
  readonly #digest: Digest;
  /** Hashes are found by a hash of them that nobody outside can foresee, so that the time it takes tells nothing, however many there are. */
  readonly #salt = randomSecret();
  readonly #byKey: ReadonlyMap<string, Token>;

  constructor(digest: Digest, tokens: readonly Token[]) {
    this.#digest = digest;
    this.#byKey = new Map(tokens.map((token) => [this.#keyOf(token.hash), token]));
  }

  /** The token of a text, or undefined. */
  find(text: string): Token | undefined {
    const hash = this.#digest(text);
    const found = this.#byKey.get(this.#keyOf(hash));
    return isSame((found ?? NOBODY).hash, hash) ? found : undefined;
  }

  #keyOf(hash: string): string {
    return this.#digest(this.#salt + hash);
  }
}

/** The token that one was given as a text: it may do all. */
export function tokenOf(text: string, digest: Digest): Token {
  return { name: "token", scopes: ["admin"], hash: digest(text) };
}

/**
 * Reads the text of a tokens file: a line each of `name scopes sha256`, with commas between scopes; what follows a `#` is
 * nothing. Throws `bad_option`, which names the first line at fault.
 */
export function parseTokens(text: string, path: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const [i, line] of text.split("\n").entries()) {
    const words = line.replace(/#[^]*$/, "").trim();
    if (words !== "") tokens.push(parseLine(words, tokens, `line ${i + 1} of ${path}`));
  }
  return tokens;
}

/** A line of the file for a token. */
export function formatToken({ name, scopes, hash }: Token): string {
  return `${name} ${scopes.join(",")} ${hash}`;
}

function parseLine(line: string, before: readonly Token[], where: string): Token {
  const words = line.split(/\s+/);
  const [name = "", scopes = "", hash = ""] = words;
  const refuse = (why: string): SluiceError => new SluiceError("bad_option", `Cannot use ${where}: ${why}`);
  if (words.length !== 3) throw refuse("a name, scopes and a SHA-256 are wanted, with blanks between");
  if (!isName(name)) throw refuse(`its name is ${shown(name)}, ${NAME_WANTED}`);
  if (!HASH.test(hash)) throw refuse("its third word is no SHA-256, 64 hexadecimal digits are wanted");
  const token = { name, scopes: readScopes(scopes) ?? [], hash: hash.toLowerCase() };
  if (token.scopes.length === 0) throw refuse(`its scopes are ${shown(scopes)}, ${SCOPES_WANTED}`);
  const same = before.find((each) => each.name === name || each.hash === token.hash);
  if (same !== undefined) throw refuse(`${shown(same.name)} has the same name or the same token`);
  return token;
}

/** What a name may be. */
export const NAME_WANTED = "1 to 64 letters, digits, dots, hyphens and underscores are wanted";
/** What scopes may be. */
export const SCOPES_WANTED = "read, write or admin are wanted, with commas between";

/** Whether a token may be called so. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

/** Reads scopes with commas between; undefined when one is none. */
export function readScopes(text: string): readonly Scope[] | undefined {
  const words = text.split(",");
  const scopes = SCOPES.filter((scope) => words.includes(scope));
  return scopes.length === words.length ? scopes : undefined;
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}

/** Compares two digests in a time that does not tell where they differ. */
function isSame(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}
