/** The AsyncAPI document: what comes over streams, and what WebSockets take. Of the same schemas as the OpenAPI document. @module */

import { EXAMPLES, REPLIES, STREAMS, type Stream } from "./async_streams.ts";
import { id } from "./parameters.ts";
import type { Schema } from "./schema.ts";
import { securitySchemes } from "./security.ts";

/** An AsyncAPI 3.0 document. */
export interface AsyncApi {
  readonly asyncapi: string;
  readonly info: Schema;
  readonly defaultContentType: string;
  readonly servers: Schema;
  readonly channels: Readonly<Record<string, Channel>>;
  readonly operations: Schema;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>>; readonly securitySchemes: Schema };
}

/** A path, and all that is said there, by either side. */
interface Channel {
  readonly address: string;
  readonly messages: Readonly<Record<string, Schema>>;
  readonly [more: string]: unknown;
}

/** What the document is made with. */
export interface AsyncDocumentParts {
  readonly version: string;
  /** Those of the OpenAPI document. */
  readonly schemas: Readonly<Record<string, Schema>>;
}

/** Makes the document. */
export function asyncApi({ version, schemas }: AsyncDocumentParts): AsyncApi {
  const channels = Object.entries(STREAMS).map(([name, stream]) => [name, channelOf(stream)]);
  const operations = Object.entries(STREAMS).flatMap(([name, stream]) => operationsOf(name, stream));
  const used = usedBy(channels, schemas);
  return inDraft7({
    asyncapi: "3.0.0",
    info: {
      title: "Sluice",
      version,
      description:
        "Batches as they are cut, over WebSocket and Server-Sent Events. An event of Server-Sent Events has the message's name as its `event` and the payload as its `data`; the `id` of a batch is its cursor, of several sessions the places in all of them. Over WebSocket each payload is a text message. `/openapi.json` has the other calls, and what these are refused with.",
      license: { name: "MIT", url: "https://spdx.org/licenses/MIT.html" },
    },
    defaultContentType: "application/json",
    servers: SERVERS,
    channels: Object.fromEntries(channels) as Record<string, Channel>,
    operations: Object.fromEntries(operations),
    components: { schemas: used, securitySchemes: SECURITY_SCHEMES },
  });
}

/** Those of the OpenAPI document, by AsyncAPI's names of their types. */
const SECURITY_SCHEMES: Schema = Object.fromEntries(
  Object.entries(securitySchemes as Record<string, Schema>).map(([name, scheme]) => [
    name,
    { ...scheme, type: scheme["type"] === "apiKey" ? "httpApiKey" : scheme["type"] },
  ]),
);

const SERVERS: Schema = {
  ws: server("ws", "127.0.0.1:8080", "A service of this machine, for WebSockets."),
  http: server("http", "127.0.0.1:8080", "The same for Server-Sent Events."),
  wss: withToken(server("wss", "{host}", "A service that others reach: it wants a token.")),
  https: withToken(server("https", "{host}", "The same for Server-Sent Events.")),
};

function server(protocol: string, host: string, description: string): Schema {
  return { host, protocol, description };
}

function withToken(given: Schema): Schema {
  const security = Object.keys(SECURITY_SCHEMES).map((name) => to("components", "securitySchemes", name));
  const host = { default: "sluice.localhost", description: "Its name, and its port if need be." };
  return { ...given, variables: { host }, security };
}

function to(...path: readonly string[]): Schema {
  return { $ref: `#/${path.join("/")}` };
}

function isSocket({ with: fields }: Stream): boolean {
  return fields.includes("type");
}

function channelOf(stream: Stream): Channel {
  const { title, address, says, takes } = stream;
  const { name, description, example } = id as { name: string; description: string; example: string };
  return {
    address,
    title,
    servers: (isSocket(stream) ? ["ws", "wss"] : ["http", "https"]).map((each) => to("servers", each)),
    ...(address.includes("{id}") && { parameters: { [name]: { description, examples: [example] } } }),
    messages: {
      ...entries(says, (event, payload) => messageOf(event, payload, stream.with)),
      ...entries(takes, (type, payload) => ({
        ...messageOf(type, payload, []),
        ...(payload["type"] === "string" && { contentType: "text/plain" }),
        examples: [{ name: type, payload: EXAMPLES[type] }],
      })),
    },
    ...(isSocket(stream) && { bindings: { ws: { method: "GET", ...asked(stream), bindingVersion: "0.1.0" } } }),
  };
}

/** What may be asked for with the request: its query, and its headers where it has any. */
function asked({ parameters }: Stream): Schema {
  const of = (where: string): Schema => {
    const these = parameters.filter((each) => each["in"] === where);
    if (these.length === 0) return {};
    const properties = these.map(({ name, description, schema }) => [name, { description, ...(schema as Schema) }]);
    return { type: "object", properties: Object.fromEntries(properties) as Schema };
  };
  return { query: of("query"), headers: of("header") };
}

/** A message: an event with what its stream adds to each. */
function messageOf(name: string, payload: Schema, fields: readonly string[]): Schema {
  const more: Schema = {
    ...(fields.includes("type") && { type: { const: name } }),
    ...(fields.includes("session") && { session: { type: "string", description: "Whose it is." } }),
  };
  // An error may be about no session.
  const required = Object.keys(more).filter((field) => field !== "session" || name !== "error");
  const added = { type: "object", properties: more, required };
  return { name, payload: Object.keys(more).length === 0 ? payload : { allOf: [payload, added] } };
}

function operationsOf(name: string, stream: Stream): [string, Schema][] {
  const { title, says, takes } = stream;
  const messages = (names: readonly string[]): Schema[] => names.map((each) => to("channels", name, "messages", each));
  const channel = to("channels", name);
  const { query } = asked(stream);
  const http = { method: "GET", query, bindingVersion: "0.3.0" };
  const follow: Schema = {
    action: "send",
    channel,
    summary: `${title}.`,
    messages: messages(Object.keys(says)),
    ...(!isSocket(stream) && { bindings: { http } }),
  };
  const said = Object.entries(takes as Record<string, Schema>).map(([type, payload]): [string, Schema] => [
    `${name}.${type}`,
    {
      action: "receive",
      channel,
      summary: payload["description"],
      messages: messages([type]),
      reply: { channel, messages: messages(REPLIES[type] ?? []) },
    },
  ]);
  return [[`${name}.follow`, follow], ...said];
}

function entries(kinds: Schema, shape: (name: string, payload: Schema) => Schema): Record<string, Schema> {
  return Object.fromEntries(
    Object.entries(kinds as Record<string, Schema>).map(([name, payload]) => [name, shape(name, payload)]),
  );
}

/** The schemas that something refers to, and those that these refer to. */
function usedBy(from: unknown, schemas: Readonly<Record<string, Schema>>): Record<string, Schema> {
  const used: Record<string, Schema> = {};
  const take = (value: unknown): void => {
    for (const [, name = ""] of JSON.stringify(value).matchAll(/#\/components\/schemas\/(\w+)/g)) {
      const schema = schemas[name];
      if (schema === undefined || name in used) continue;
      used[name] = schema;
      take(schema);
    }
  };
  take(from);
  return used;
}

/** AsyncAPI's schemas are of an older draft, which has lists of fixed length by another name. */
function inDraft7<T>(value: T): T {
  const text = JSON.stringify(value, (key, each: unknown) => {
    if (key === "" || typeof each !== "object" || each === null || !("prefixItems" in each)) return each;
    const { prefixItems, items, ...rest } = each as Schema;
    return { ...rest, items: prefixItems, additionalItems: items };
  });
  return JSON.parse(text) as T;
}
