/** Texts of strangers where they could command a terminal, deceive its reader, or make two lines of one. @module */

/** Control characters, line and paragraph separators, format characters such as bidi overrides and zero-width ones. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The text with every such character shown as `\u{…}`. */
export function safeText(text: string): string {
  return text.replace(UNSAFE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** The same of one line of JSON: it is still the same JSON, with the characters escaped as JSON escapes them. */
export function escapedJson(json: string): string {
  return json.replace(UNSAFE, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
}

/** The value as such a line. */
export function safeJson(value: unknown): string {
  return escapedJson(JSON.stringify(value));
}
