/** What is said over streams, held against the AsyncAPI document. @module */

import { Ajv2019 } from "ajv/dist/2019.js";
import type { Schema } from "../../src/http/openapi/schema.ts";
import { streamsDocument } from "./openapi.ts";

const { channels, components } = streamsDocument;

/** Payloads by the id that their validators have, such as `sessionSocket.hello`. */
const payloads = new Map(
  Object.entries(channels).flatMap(([channel, { messages }]) =>
    Object.entries(messages).map(([name, message]) => [`${channel}.${name}`, message["payload"] as Schema] as const),
  ),
);
/** Schemas that a payload adds fields to: they alone cannot say that there are no others. */
const added = new Set(
  [...payloads.values()].flatMap((payload) =>
    [payload, ...((payload["allOf"] ?? []) as Schema[])].map(({ $ref }) => String($ref).split("/").at(-1)!),
  ),
);

// The draft after that of AsyncAPI, for one word: that a field which no part of a payload names is a fault.
const ajv = new Ajv2019({ strict: false, allErrors: true, validateFormats: false });
const schemas = Object.entries(components.schemas).map(([name, schema]) => [name, closed(schema, !added.has(name))]);
ajv.addSchema({ schemas: Object.fromEntries(schemas) as object }, "/streams");
for (const [name, payload] of payloads) {
  ajv.addSchema({ allOf: [closed(payload, false)], unevaluatedProperties: false }, `/${name}`);
}

/** What is wrong with a payload that should be of a message of a channel: a field that is not named is. */
export function faultsOfMessage(channel: string, name: string, payload: unknown): readonly string[] {
  const validate = ajv.getSchema(`/${channel}.${name}`);
  if (validate === undefined) return [`${channel} has no message ${name}`];
  if (validate(payload) === true) return [];
  return validate.errors!.map(
    ({ instancePath, message, params }) => `${instancePath} ${message}: ${JSON.stringify(params)}`,
  );
}

/** The same schema, but no object in it, and itself if it is to be, has a field that is not named. */
function closed(value: unknown, itself: boolean): unknown {
  if (Array.isArray(value)) return value.map((each) => closed(each, itself));
  if (typeof value === "string") return value.replace(/^#\/components\//, "/streams#/");
  if (typeof value !== "object" || value === null) return value;
  const isObject = "properties" in value;
  const entries = Object.entries(value).map(([key, each]) => [key, closed(each, itself || isObject)]);
  return { ...(isObject && itself && { additionalProperties: false }), ...(Object.fromEntries(entries) as object) };
}
