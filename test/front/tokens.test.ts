import { describe, expect, test } from "vitest";
import { formatToken, parseTokens, Tokens, type Token } from "../../src/front/tokens.ts";
import { digest } from "../support/sessions.ts";

const HASH = digest("one");
const tokenOf = (name: string): Token => ({ name, scopes: ["read"], hash: digest(name) });

describe("a tokens file", () => {
  test("has a line for each, blank ones and comments apart", () => {
    const text = `# who may what\n\nci read ${HASH}\n  ops\tadmin,read ${digest("two").toUpperCase()} # ours\r\n`;
    expect(parseTokens(text, "tokens")).toEqual([
      { name: "ci", scopes: ["read"], hash: HASH },
      { name: "ops", scopes: ["read", "admin"], hash: digest("two") },
    ]);
    const [first] = parseTokens(text, "tokens");
    expect(parseTokens(formatToken(first!), "tokens")).toEqual([first]);
    expect(parseTokens("# nobody\n", "tokens")).toEqual([]);
  });

  test.each([
    ["ci read", "line 3 of tokens: a name, scopes and a SHA-256 are wanted, with blanks between"],
    [`ci read ${HASH} more`, "line 3 of tokens: a name, scopes and a SHA-256 are wanted"],
    [`c/i read ${HASH}`, 'line 3 of tokens: its name is "c/i", 1 to 64 letters'],
    [`ci reed ${HASH}`, 'line 3 of tokens: its scopes are "reed", read, write or admin are wanted'],
    [`ci read,read ${HASH}`, 'its scopes are "read,read"'],
    [`ci , ${HASH}`, 'its scopes are ","'],
    ["ci read s3cret-in-the-clear", "its third word is no SHA-256, 64 hexadecimal digits are wanted"],
    [`first read ${digest("two")}`, '"first" has the same name or the same token'],
    [`ci read ${digest("first")}`, '"first" has the same name or the same token'],
  ])("with %j is refused, and the line is named", (line, why) => {
    const text = `first read ${digest("first")}\n\n${line}\n`;
    expect(() => parseTokens(text, "tokens")).toThrow(why);
    // What should have been a hash may be a token.
    expect(() => parseTokens(text, "tokens")).not.toThrow(/s3cret/);
  });
});

describe("tokens", () => {
  test("are found by what they are, and nothing else is", () => {
    const tokens = new Tokens(digest, ["one", "two", "three"].map(tokenOf));
    expect(tokens.find("two")?.name).toBe("two");
    for (const other of ["", "tw", "two ", "TWO", digest("two"), "__proto__"])
      expect(tokens.find(other)).toBeUndefined();
  });

  test("take as many steps to be found, or not, however many there are", () => {
    const counts = [1, 20_000].map((size) => {
      let digests = 0;
      const counting = (text: string): string => {
        digests++;
        return digest(text);
      };
      const all = Array.from({ length: size }, (_, i) => tokenOf(`t${i}`));
      const tokens = new Tokens(counting, all);
      return ["t0", `t${size - 1}`, "none", "x".repeat(10_000)].map((text) => {
        digests = 0;
        tokens.find(text);
        return digests;
      });
    });
    expect(counts).toEqual([
      [2, 2, 2, 2],
      [2, 2, 2, 2],
    ]);
  });

  test("take as long among 20 000 as alone", () => {
    const few = new Tokens(digest, [tokenOf("t0")]);
    const many = new Tokens(
      digest,
      Array.from({ length: 20_000 }, (_, i) => tokenOf(`t${i}`)),
    );
    const timeOf = (tokens: Tokens, text: string): number => {
      const begun = performance.now();
      for (let i = 0; i < 2000; i++) tokens.find(text);
      return performance.now() - begun;
    };
    // The fastest of several, as others share the machine; a search through all would take a thousand times as long.
    const best = (tokens: Tokens, text: string): number =>
      Math.min(...Array.from({ length: 7 }, () => timeOf(tokens, text)));
    const alone = best(few, "t0");
    for (const text of ["t0", "t19999", "none"]) expect(best(many, text)).toBeLessThan(alone * 5);
  });
});
