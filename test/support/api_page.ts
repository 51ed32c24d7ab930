/** `docs/api.md`, from the OpenAPI document. @module */

import type { OpenApi } from "../../src/http/openapi/mod.ts";
import type { Operation, Schema } from "../../src/http/openapi/schema.ts";
import { filled, parametersOf, scopeIn, type Call, type Parameter } from "./openapi.ts";

const HEAD = `# The HTTP API

Made from the OpenAPI document that the service gives at \`/openapi.json\`. Below \`S=http://127.0.0.1:8080\` is the service; where it wants a token, each call has \`-H "Authorization: Bearer $TOKEN"\`.
Every answer of 400 or more, but that of \`/readyz\`, is a problem document, \`application/problem+json\`: [Problem](#problem). [problems.md](problems.md) has the cure of each.
`;

/** The page. */
export function apiPage(document: OpenApi, calls: readonly Call[]): string {
  const rows = calls.map(({ method, path, operation }) => {
    const name = `${method} ${path}`;
    return `| [\`${name}\`](#${anchorOf(name)}) | ${operation.summary} |\n`;
  });
  const { schemas } = document.components;
  const refused = cell(commonAnswers(calls, document).join(" "));
  const sections = calls.map((call) => sectionOf(call));
  const objects = Object.entries(schemas).map(([name, schema]) => schemaSection(name, schema));
  return [
    `${HEAD}\n${document.info["description"] as string}\n\nAny call may be answered: ${refused}\n\n| call | |\n|---|---|\n${rows.join("")}`,
    ...sections,
    `## Schemas\n\nA field marked ? may be missing.\n`,
    ...objects,
  ].join("\n");
}

/** What is said once for all calls, with its status. */
function commonAnswers(calls: readonly Call[], { components }: OpenApi): string[] {
  const named = calls.flatMap(({ operation }) =>
    Object.entries(operation.responses).flatMap(([status, { $ref }]) =>
      typeof $ref === "string" ? [`${status} ${$ref.split("/").at(-1)!}`] : [],
    ),
  );
  return [...new Set(named)].map((each) => {
    const [status, name] = each.split(" ") as [string, string];
    return `${status} ${plain((components.responses[name] as Schema)["description"])}`;
  });
}

/** As GitHub makes anchors of headings. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, "")
    .replaceAll(" ", "-");
}

function sectionOf(call: Call): string {
  const { method, path, operation } = call;
  const { summary, description } = operation;
  return [
    `## \`${method} ${path}\`\n`,
    `${summary}.${description === undefined ? "" : ` ${description}`} ${accessTo(operation)}\n`,
    exampleOf(call),
    ...parameterTable(parametersOf(operation)),
    ...bodyPart(operation),
    `| answer | |\n|---|---|\n${Object.entries(operation.responses).map(answerRow).join("")}`,
    ...Object.values(operation.responses).flatMap(streamPart),
  ].join("\n");
}

/** What a token for it has to have. */
function accessTo(operation: Operation): string {
  const scope = scopeIn(operation);
  if (scope === undefined) return "No token is wanted.";
  const hasTickets = operation.security?.some((each) => "ticket" in each) === true;
  const giver =
    scope === "write" ? "[`POST …/lines/ticket`](#post-sessionsidlinesticket)" : "[`POST /tickets`](#post-tickets)";
  return `Scope: \`${scope}\`${hasTickets ? `, or \`?ticket=\` of ${giver}` : ""}.`;
}

/** How to ask it, in a shell, or in JavaScript where it is a WebSocket. */
function exampleOf(call: Call): string {
  const { method, operation } = call;
  const isStream = operation.tags[0] === "streams";
  const needed = parametersOf(operation).filter((each) => each.in === "query" && each.required === true);
  const query = needed.map(({ name, example }) => `${name}=${[example].flat().map(plain).join()}`).join("&");
  const url = `$S${filled(call)}${query === "" ? "" : `?${query}`}`;
  if ("101" in operation.responses) {
    const socket = `new WebSocket("ws://127.0.0.1:8080${url.slice(2)}", "sluice.v1.json")`;
    return `\`\`\`js\n${socket}.onmessage = ({ data }) => console.log(data);\n\`\`\`\n`;
  }
  const media = mediaOf(operation.requestBody ?? {});
  const body = media["application/json"]?.example;
  const words = [
    "curl",
    ...(method === "GET" ? [] : ["-X", method]),
    ...(isStream ? ["-N"] : []),
    ...("text/plain" in media ? ["-T lines.txt"] : []),
    `"${url}"`,
    ...(body === undefined ? [] : ["-H 'Content-Type: application/json'", `-d '${JSON.stringify(body)}'`]),
  ];
  return `\`\`\`sh\n${words.join(" ")}\n\`\`\`\n`;
}

interface Media {
  readonly schema?: Schema;
  readonly example?: unknown;
  readonly itemSchema?: Schema;
}

function mediaOf({ content = {} }: Schema): Readonly<Record<string, Media>> {
  return content as Readonly<Record<string, Media>>;
}

function parameterTable(parameters: readonly Parameter[]): string[] {
  if (parameters.length === 0) return [];
  const rows = parameters.map(
    ({ name, in: where, schema, description }) =>
      `| \`${name}\` | ${where} | ${typeOf(schema)} | ${cell(description)}${defaultOf(schema)} |\n`,
  );
  return [`| parameter | in | | |\n|---|---|---|---|\n${rows.join("")}`];
}

function bodyPart({ requestBody }: Operation): string[] {
  if (requestBody === undefined) return [];
  const { "application/json": json, ...others } = mediaOf(requestBody);
  const kinds = Object.entries(others).map(([type, { schema }]) => `\`${type}\` (${plain(schema!["description"])})`);
  const what = json === undefined ? kinds.join(" or ") : typeOf(json.schema!);
  return [`Body: ${what}, or none. ${requestBody["description"] as string}\n`];
}

function answerRow([status, response]: readonly [string, Schema]): string {
  const { description, $ref } = response as { description?: string; $ref?: string };
  // What any call may meet is said once for all.
  if ($ref !== undefined) return "";
  const media = Object.entries(mediaOf(response)).filter(([type]) => type !== "application/problem+json");
  const types = media.map(([type, { schema }]) => {
    const what = schema === undefined || schema["type"] === "string" ? schema?.["description"] : typeOf(schema);
    return `\`${type}\`${what === undefined ? "" : `: ${cell(plain(what))}`}`;
  });
  return `| ${status} | ${[cell(description ?? ""), ...types].join("<br>")} |\n`;
}

/** What comes over a stream, and what it takes. */
function streamPart(response: Schema): string[] {
  const events = (response["x-events"] ?? eventsOf(mediaOf(response)["text/event-stream"]?.itemSchema)) as
    | Schema
    | undefined;
  const messages = response["x-messages"] as Schema | undefined;
  return [
    ...(events === undefined ? [] : [`Events: ${listOf(events)}.\n`]),
    ...(messages === undefined ? [] : Object.entries(messages).map(messageLine)),
  ];
}

/** The events of an event stream by name, as those of a WebSocket are. */
function eventsOf(itemSchema: Schema | undefined): Schema | undefined {
  const kinds = itemSchema?.["oneOf"] as { properties: { event: { const: string }; data: Schema } }[] | undefined;
  if (kinds === undefined) return undefined;
  return Object.fromEntries(
    kinds.map(({ properties: { event, data } }) => {
      const payload = data["contentSchema"] as Schema;
      return [event.const, (payload["allOf"] as Schema[] | undefined)?.[0] ?? payload];
    }),
  );
}

function listOf(events: Schema): string {
  const items = Object.entries(events as Record<string, Schema>).map(([name, schema]) =>
    "$ref" in schema ? `\`${name}\` (${typeOf(schema)})` : `\`${name}\` (${fieldsInline(schema)})`,
  );
  return items.join(", ");
}

function messageLine([name, schema]: readonly [string, unknown]): string {
  return `It takes \`${name}\`: ${plain((schema as Schema)["description"])} Fields: ${fieldsInline(schema as Schema)}.\n`;
}

function fieldsInline({ properties, required }: Schema): string {
  const names = Object.keys(properties as object);
  return names.map((name) => `\`${name}\`${(required as string[]).includes(name) ? "" : "?"}`).join(", ");
}

function schemaSection(name: string, schema: Schema): string {
  const description = schema["description"];
  const title = `### ${name}\n${description === undefined ? "" : `\n${plain(description)}\n`}`;
  if (schema["properties"] === undefined) return `${title}\n${typeOf(schema)}\n`;
  return `${title}\n| field | | |\n|---|---|---|\n${fieldRows(schema, "").join("")}`;
}

function fieldRows(schema: Schema, path: string): string[] {
  const required = (schema["required"] ?? []) as readonly string[];
  return Object.entries(schema["properties"] as Record<string, Schema>).flatMap(([name, field]) => {
    const mark = required.includes(name) ? "" : "?";
    const row = `| \`${path}${name}\`${mark} | ${typeOf(field)} | ${cell(meaningOf(field))}${defaultOf(field)} |\n`;
    return [row].concat(nestedOf(field).flatMap((each) => fieldRows(each, `${path}${name}.`)));
  });
}

/** The objects within a field: itself, its kinds, or what is in its list. */
function nestedOf(field: Schema): readonly Schema[] {
  const { properties, items } = field;
  const inner = [...kindsOf(field), ...(items === undefined ? [] : [items as Schema])];
  return properties === undefined ? inner.filter((each) => "properties" in each) : [field];
}

function kindsOf({ oneOf, anyOf }: Schema): readonly Schema[] {
  return (oneOf ?? anyOf ?? []) as readonly Schema[];
}

function meaningOf(field: Schema): string {
  const own = field["description"] ?? kindsOf(field).find((each) => "description" in each)?.["description"];
  return own === undefined ? "" : plain(own);
}

/** What a value may be, in words. */
function typeOf(schema: Schema): string {
  const { $ref, const: only, enum: words, type, items, prefixItems, pattern, format } = schema;
  if (typeof $ref === "string") return referenceTo($ref);
  if (only !== undefined) return `\`${JSON.stringify(only)}\``;
  if (Array.isArray(words)) return words.map((word) => `\`${plain(word)}\``).join(", ");
  const kinds = kindsOf(schema);
  if (kinds.length > 0) return [...new Set(kinds.map(typeOf))].join(" or ");
  if (prefixItems !== undefined) return `list of ${(prefixItems as Schema[]).map(typeOf).join(" and ")}`;
  const names = [type].flat().map((name) => (name === "array" ? "list" : plain(name)));
  if (format === "date-time") names[0] = "time (ISO 8601)";
  const of = items === undefined ? "" : ` of ${typeOf(items as Schema)}`;
  const shape = pattern === undefined ? "" : `, \`${cell(plain(pattern))}\``;
  return `${names[0] ?? ""}${of}${boundsOf(schema)}${shape}${names
    .slice(1)
    .map((name) => ` or ${name}`)
    .join("")}`;
}

function referenceTo($ref: string): string {
  const name = $ref.split("/").at(-1)!;
  return `[${name}](#${name.toLowerCase()})`;
}

/** Bounds of a number, a text or a list. */
function boundsOf(schema: Schema): string {
  const least = schema["minimum"] ?? schema["minLength"] ?? schema["minItems"];
  const most = schema["maximum"] ?? schema["maxLength"] ?? schema["maxItems"];
  const unit = "maxLength" in schema ? " characters" : "";
  if (most === undefined) return least === 1 ? ", from 1" : "";
  return least === undefined ? `, up to ${plain(most)}${unit}` : `, ${plain(least)} to ${plain(most)}${unit}`;
}

function defaultOf(schema: Schema): string {
  return schema["default"] === undefined ? "" : ` Default \`${JSON.stringify(schema["default"])}\`.`;
}

/** A value as one writes it. */
function plain(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A text that is one cell of a table. */
function cell(text: string): string {
  return text.replaceAll(/`[^`]*`|</g, (found) => (found === "<" ? "\\<" : found)).replaceAll("|", "\\|");
}
