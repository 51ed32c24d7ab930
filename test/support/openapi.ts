/** The OpenAPI document as it should be, and what answers to it. @module */

import { toJsonSchema } from "@valibot/to-json-schema";
import { Ajv2020 } from "ajv/dist/2020.js";
import { asyncApi, openApi, type AsyncApi, type OpenApi } from "../../src/http/openapi/mod.ts";
import type { Operation, Schema } from "../../src/http/openapi/schema.ts";
import { SessionSchema, StopSchema, TicketSchema } from "../../src/sessions/spec.ts";
import { VERSION } from "../../src/version.ts";

/** What valibot checks by code is left out: `http/openapi/bodies.ts` adds it. */
const CONFIG = { target: "draft-2020-12", errorMode: "ignore" } as const;

/** Made from the sources; `src/openapi.json` is what was made before. */
export const document: OpenApi = openApi({
  version: VERSION,
  bodies: {
    SessionSpec: toJsonSchema(SessionSchema, CONFIG) as Schema,
    StopSpec: toJsonSchema(StopSchema, CONFIG) as Schema,
    TicketSpec: toJsonSchema(TicketSchema, CONFIG) as Schema,
  },
});

/** The same of streams; `src/asyncapi.json` is what was made before. */
export const streamsDocument: AsyncApi = asyncApi({ version: VERSION, schemas: document.components.schemas });

/** A call of the document. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** All of them. */
export const calls: readonly Call[] = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
);

/** One parameter of a call. */
export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required?: boolean;
  readonly description: string;
  readonly schema: Schema;
  readonly example?: unknown;
}

/** The parameters of a call. */
export function parametersOf({ parameters = [] }: Operation): readonly Parameter[] {
  return parameters as unknown as readonly Parameter[];
}

/** The scope that a call wants, or undefined: it is open. */
export function scopeIn({ security = [] }: Operation): string | undefined {
  return security.flatMap((each) => (each["bearer"] ?? []) as readonly string[])[0];
}

/** The path of a call with its examples in it, or other values. */
export function filled({ path, operation }: Call, values: Readonly<Record<string, string>> = {}): string {
  const examples = parametersOf(operation).map(({ name, example }) => [name, String(example)]);
  const all = { ...(Object.fromEntries(examples) as Record<string, string>), ...values };
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => all[name]!);
}

const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
ajv.addSchema({ ...(closed(document.components) as object), $id: "/document" }, "/document");

/** What is wrong with a value that should be of a schema of the document: a field that it does not name is. */
export function faultsOf(schema: string, value: unknown): readonly string[] {
  const validate = ajv.getSchema(`/document#/schemas/${schema}`)!;
  return validate(value) === true
    ? []
    : validate.errors!.map((error) => `${error.instancePath} ${error.message}: ${JSON.stringify(error.params)}`);
}

/** The same schemas, but no object has a field that is not named. References are to where they are then. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value === "string") return value.replace(/^#\/components\//, "#/");
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, each]) => [name, closed(each)]);
  const isObject = (value as Schema)["type"] === "object" && "properties" in value;
  return { ...(isObject && { additionalProperties: false }), ...(Object.fromEntries(entries) as object) };
}
