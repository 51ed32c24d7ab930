import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { parseAst } from "rolldown/parseAst";
import { describe, expect, test } from "vitest";
import { sized } from "../support/size.ts";

// Its JavaScript: the programs that it has beside that are no faster for expressions as short as these.
process.env["RECHECK_BACKEND"] = "pure";
const { checkSync } = await import("recheck");

const SRC = join(import.meta.dirname, "../../src");
const NOT_OURS = /^(?:web\/vendor|kernel\/assembly)\//;

/** Those that some texts take long, and why nobody can send such a text. */
const HARMLESS: Readonly<Record<string, string>> = {
  "engine/functions.ts":
    "it reads the text of a function in a program that uses the library, written by whoever runs it",
  "engine/pure.ts": "the same",
  "web/token.js": "it reads the address in a user's own tab",
};

interface Expression {
  readonly file: string;
  readonly source: string;
  readonly flags: string;
}

/** Every regular expression of a file: the literals. */
async function expressionsOf(file: string): Promise<Expression[]> {
  const found: Expression[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    if ("regex" in node) {
      const { pattern, flags } = node.regex as { pattern: string; flags: string };
      found.push({ file, source: pattern, flags });
    }
    for (const child of Object.values(node)) visit(child);
  };
  visit(parseAst(await readFile(join(SRC, file), "utf8"), { lang: "ts" }));
  return found;
}

const files = (await readdir(SRC, { recursive: true })).filter((path) => /\.[jt]s$/.test(path) && !NOT_OURS.test(path));
const all = (await Promise.all(files.map(expressionsOf))).flat();
const slow = (file: string): string[] =>
  all
    .filter((each) => each.file === file)
    .flatMap(({ source, flags }) => {
      const { status } = checkSync(source, flags, { timeout: 30_000, randomSeed: 1 });
      return status === "safe" ? [] : [`${source} is ${status}`];
    });

describe("regular expressions", () => {
  test.each([...new Set(all.map(({ file }) => file))].filter((file) => HARMLESS[file] === undefined))(
    "of %s take a time that grows with the text and no faster",
    { timeout: 120_000 },
    (file) => {
      expect(slow(file)).toEqual([]);
    },
  );

  test("that are slow are seen", () => {
    expect(checkSync("^(a+)+$", "").status).toBe("vulnerable");
  });

  test.runIf(sized(0, 1) === 1)("that are excused are still slow", { timeout: 300_000 }, () => {
    expect(Object.keys(HARMLESS).filter((file) => slow(file).length === 0)).toEqual([]);
  });

  test("are made of texts only where the texts are the house's", async () => {
    const texts = await Promise.all(
      files.map(async (file) => [file, await readFile(join(SRC, file), "utf8")] as const),
    );
    expect(texts.filter(([, text]) => /\bRegExp\(/.test(text)).map(([file]) => file)).toEqual(["engine/pure.ts"]);
  });
});
