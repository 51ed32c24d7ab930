import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { expect, test } from "vitest";

const SRC = join(import.meta.dirname, "../../src");

/** A rule that is wrong about a document at some places. */
interface Exception {
  readonly at: RegExp;
  readonly because: string;
}

const EXCEPTIONS: Readonly<Record<string, Readonly<Record<string, Exception>>>> = {
  "openapi.json": {
    "operation-2xx-response": { at: /^#\/paths\/\S*~1ws\/get\//, because: "a WebSocket's good answer is 101" },
  },
  "asyncapi.json": {
    "security-defined": {
      at: /^#\/operations\//,
      because: "a service of this machine wants no token; the servers that want one say so",
    },
  },
};

/** What the rules that the linter recommends say of a document. */
async function lint(name: string, edit: (text: string) => string = (text) => text) {
  const file = join(SRC, name);
  const source = edit(await readFile(file, "utf8"));
  const config = await createConfig({ extends: ["recommended"] });
  const problems = await lintFromString({ source, absoluteRef: file, config });
  return problems.map(({ ruleId, message, location }) => ({ ruleId, message, at: location[0]?.pointer ?? "" }));
}

test.each(["openapi.json", "asyncapi.json"])(
  "the linter has nothing to say of %s but what is excepted",
  async (name) => {
    const problems = await lint(name);
    const exceptions = EXCEPTIONS[name]!;
    const excepted = problems.filter(({ ruleId, at }) => exceptions[ruleId]?.at.test(at));
    expect(problems.filter((each) => !excepted.includes(each))).toEqual([]);
    // An exception that is not needed any more goes.
    expect([...new Set(excepted.map(({ ruleId }) => ruleId))]).toEqual(Object.keys(exceptions));
  },
);

test("the linter sees what is wrong", async () => {
  const twice = await lint("openapi.json", (text) => text.replaceAll('"showSession"', '"startSession"'));
  expect(twice.map(({ ruleId }) => ruleId)).toContain("operation-operationId-unique");
  const nowhere = await lint("asyncapi.json", (text) => text.replace("#/channels/sessionEvents", "#/channels/none"));
  expect(nowhere.map(({ ruleId }) => ruleId)).toContain("no-unresolved-refs");
});
