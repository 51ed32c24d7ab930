import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { calls, parametersOf, streamsDocument } from "../support/openapi.ts";

const require = createRequire(import.meta.url);

test("src/asyncapi.json is what the sources make (npx vitest run test/http/async_api.test.ts -u writes it)", async () => {
  await expect(`${JSON.stringify(streamsDocument, null, 1)}\n`).toMatchFileSnapshot("../../src/asyncapi.json");
});

test("it is a valid AsyncAPI 3.0 document, by AsyncAPI's own schema", async () => {
  const schema = JSON.parse(
    await readFile(require.resolve("@asyncapi/specs/schemas/3.0.0-without-$id.json"), "utf8"),
  ) as object;
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  const validate = ajv.compile(schema);
  expect([validate(streamsDocument), validate.errors]).toEqual([true, null]);
  expect(validate({ ...streamsDocument, channels: { one: { address: 1 } } })).toBe(false);
});

describe("the document has", () => {
  test("every stream of events and every WebSocket there is, and no other", () => {
    const streams = calls.filter(
      ({ operation: { responses } }) => "101" in responses || JSON.stringify(responses).includes("text/event-stream"),
    );
    const addresses = Object.values(streamsDocument.channels).map(({ address }) => address);
    expect(addresses.toSorted()).toEqual(streams.map(({ path }) => path).toSorted());
  });

  test("the parameters that the OpenAPI document has for the same call", () => {
    const { channels, operations } = streamsDocument;
    const asked = Object.entries(channels).map(([name, { address, bindings }]) => {
      const { ws, http } = (bindings ?? (operations[`${name}.follow`] as { bindings: object }).bindings) as {
        ws?: { query: { properties?: object } };
        http?: { query: { properties?: object } };
      };
      return [address, Object.keys((ws ?? http)!.query.properties ?? {})] as const;
    });
    const described = calls
      .filter(({ path }) => asked.some(([address]) => address === path))
      .map(({ path, operation }) => [
        path,
        parametersOf(operation).flatMap(({ in: where, name }) => (where === "query" ? [name] : [])),
      ]);
    expect(Object.fromEntries(asked)).toEqual(Object.fromEntries(described));
  });

  test("no reference to nothing, and nothing beside one, which older drafts of JSON Schema do not read", () => {
    const at = (path: string): unknown =>
      path
        .slice(2)
        .split("/")
        .reduce((value: unknown, key) => (value as Record<string, unknown> | undefined)?.[key], streamsDocument);
    const wrong: string[] = [];
    JSON.stringify(streamsDocument, (_, value: unknown) => {
      if (typeof value === "object" && value !== null && "$ref" in value) {
        const { $ref } = value as { $ref: string };
        if (at($ref) === undefined || Object.keys(value).length > 1) wrong.push($ref);
      }
      return value;
    });
    expect(wrong).toEqual([]);
  });
});
