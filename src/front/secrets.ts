/** Secrets: made, and kept out of what is written down. @module */

const BYTES = 32;
/** Parameters whose values let in whoever has them. */
const SECRET_NAMES: ReadonlySet<string> = new Set(["ticket", "access_token", "token"]);
/** No name has what stands before one, so that no text is gone through more than twice. */
const PARAMETER = /(?<=[?&#;])([^?&#;=\s"'<>]+)=([^&#\s"'<>]+)/g;
const BEARER = /\b(Bearer +)[^\s"',]+/gi;

/** A text that nobody can guess, of 43 letters, digits, hyphens and underscores. */
export function randomSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** A text without the secrets of the URLs and `Authorization` headers in it: for everything that is logged. */
export function withoutSecrets(text: string): string {
  return text
    .replaceAll(PARAMETER, (all, name: string) => (SECRET_NAMES.has(decoded(name)) ? `${name}=***` : all))
    .replaceAll(BEARER, "$1***");
}

/** As a server reads the name. */
function decoded(name: string): string {
  const [[key = ""] = []] = new URLSearchParams(name);
  return key.toLowerCase();
}
