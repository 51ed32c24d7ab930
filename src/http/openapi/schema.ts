/** The parts of an OpenAPI document as they are written here, and short ways to write them. @module */

/** A JSON schema (2020-12), or any other object of the document. */
export type Schema = Readonly<Record<string, unknown>>;

/** Parameters, headers and answers of a call, by what the document calls them. */
export interface Operation {
  readonly operationId: string;
  readonly tags: readonly [string];
  readonly summary: string;
  readonly description?: string;
  readonly security?: readonly Schema[];
  readonly parameters?: readonly Schema[];
  readonly requestBody?: Schema;
  readonly responses: Readonly<Record<string, Schema>>;
}

/** Methods of the document. */
export type Method = "get" | "post" | "delete";

/** The calls of one path, by method in lower case. */
export type PathItem = Readonly<Partial<Record<Method, Operation>>>;

/** An object that always has all of these fields, but for those that are `optional`. */
export function object(
  description: string,
  properties: Readonly<Record<string, Schema>>,
  optional: readonly string[] = [],
): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: "object", description, properties, required };
}

/** One of the document's schemas. */
export function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

/** The schema, or null. */
export function orNull(schema: Schema): Schema {
  return "type" in schema ? { ...schema, type: [schema["type"], "null"] } : { anyOf: [schema, { type: "null" }] };
}

export function text(description: string, more: Schema = {}): Schema {
  return { type: "string", description, ...more };
}

/** A whole number of 0 or more. */
export function amount(description: string): Schema {
  return { type: "integer", description, minimum: 0 };
}

export function yesOrNo(description: string): Schema {
  return { type: "boolean", description };
}

/** A length of time in ms, with fractions. */
export function ms(description: string): Schema {
  return { type: "number", description };
}

export function time(description: string): Schema {
  return text(description, { format: "date-time" });
}

/** A place in a log. */
export function cursor(description: string): Schema {
  return text(description, { pattern: "^[a-z0-9]{1,32}:\\d{1,15}$" });
}

/** An answer of status 200, or the body of another: its media type and what is in it. */
export function content(type: string, schema: Schema, more: Schema = {}): Schema {
  return { content: { [type]: { schema, ...more } } };
}

/** An answer in JSON, with more that there is to say of it. */
export function answer(description: string, schema: Schema, more: Schema = {}): Schema {
  return { description, ...content("application/json", schema), ...more };
}

/** Headers, each with what it says; they are always there, but for those that are `optional`. */
export function headersOf(headers: Readonly<Record<string, string>>, optional: readonly string[] = []): Schema {
  const described = Object.entries(headers).map(([name, description]) => [
    name,
    { description, ...(!optional.includes(name) && { required: true }), schema: { type: "string" } },
  ]);
  return { headers: Object.fromEntries(described) as Schema };
}
