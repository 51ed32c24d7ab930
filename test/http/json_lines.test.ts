import { describe, expect, test } from "vitest";
import { JsonLines } from "../../src/http/json_lines.ts";
import { utf8 } from "../support/bytes.ts";

/** The lines of a text that is cut after every `size` bytes, and the failure there was. */
function read(text: string | Uint8Array, size: number = 1000): string {
  const bytes = typeof text === "string" ? utf8(text) : text;
  const values = new JsonLines();
  let lines = "";
  const take = (chunk: Uint8Array): void => void (lines += new TextDecoder().decode(chunk));
  try {
    for (let at = 0; at < bytes.length; at += size) values.read(bytes.subarray(at, at + size), take);
    values.end(take);
  } catch (failure) {
    return `${lines}${(failure as { code: string }).code}: ${(failure as Error).message}`;
  }
  return lines;
}

describe("JsonLines", () => {
  test("takes texts and objects with a line, wherever they are cut", () => {
    const text = '"a b"\n{"line":"größe","more":1}\r\n\n  \n"c"';
    for (let size = 1; size < 20; size++) expect(read(text, size)).toBe("a b\ngröße\nc\n");
  });

  test("takes what is before a value that is none, and says which it is", () => {
    expect(read('"a"\n"b"\n{"lines":"c"}\n"d"')).toBe(
      'a\nb\nbad_json: Cannot take value 3: a string, or an object as {"line":"…"}, is wanted',
    );
    expect(read('"a"\nb\n')).toMatch(/^a\nbad_json: Cannot take value 2: it is not JSON; /);
  });

  test.each(["1", "null", "[]", "{}", '{"line":1}', "true"])("takes no %s", (value) => {
    expect(read(value)).toMatch(/^bad_json: Cannot take value 1/);
  });

  test("has a bound for one value", () => {
    expect(read(`"${"x".repeat(2_000_000)}"`, 65_536)).toBe(
      "body_too_large: Cannot take value 1: it is longer than 1048576 characters",
    );
  });
});
