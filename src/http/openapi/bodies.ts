/** What the fields of bodies mean. Their bounds and defaults are those of the schemas that validate. @module */

import type { Schema } from "./schema.ts";

/** By the name of the schema, then by the path of the field, without the kinds and items between. */
const MEANINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  SessionSpec: {
    name: "A name to know it by.",
    source: "Where its bytes come from.",
    "source.type":
      "`emitter`: random lines, said by the service itself over TCP. `socket`: somebody's TCP server, of this machine or allowed by the operator, as Spark's `socketTextStream`. `listen`: the session listens, and reads all who connect. `push`: lines are brought, by `POST …/lines` or WebSocket.",
    "source.file": "A file of the data folder, one message a line. By default `messages.txt`.",
    "source.lines": "The messages themselves, in place of a file; one at the least is not blank.",
    "source.intervalMs": "Between two lines, in ms.",
    "source.host": "Where the server is; of `listen` the address to listen on.",
    "source.port": "The port; of `emitter` and `listen` 0 is any free one of the operator's range.",
    "source.seed": "The same seed gives the same lines. By default a random one.",
    "source.maxLines": "The emitter, and with it the session, ends after so many lines. By default never.",
    batchIntervalMs: "Length of an interval in ms.",
    durationMs: "It stops gracefully after so many ms; null: never.",
    pipeline: "What is done with lines.",
    "pipeline.separator": "What stands between words: two of them have an empty word between them.",
  },
  TicketSpec: { session: "The id of a session whose streams it opens; null: of any." },
  StopSpec: { graceful: "What has arrived is counted, in one last batch." },
};

/** What is checked by code, as far as a schema can say it: of the fields above. */
const CHECKS: Readonly<Record<string, Schema>> = {
  source: { not: { required: ["file", "lines"], properties: { file: {}, lines: {} } } },
  "source.lines": { contains: { pattern: "\\S" } },
};

/** What not every reader of patterns knows: all but control characters. */
const CLEAN = "\\P{Cc}";
const PORTABLE_CLEAN = "[^\\u0000-\\u001f\\u007f-\\u009f]";
/** A pattern that bounds the length of a text and nothing else; a schema counts characters as it does. */
const OF_LENGTH = /^\^\[[^\]]+\]\{(\d+),(\d+)\}\$$/;

/** A schema of a body with the meaning of each of its fields. Throws for a field without one. */
export function withMeanings(name: string, schema: Schema): Schema {
  return describe(schema, (field) => {
    const meaning = MEANINGS[name]?.[field];
    if (meaning === undefined) throw new Error(`Cannot describe ${name}: a meaning of its field ${field} is wanted`);
    return meaning;
  });
}

function describe(schema: Schema, meaningOf: (field: string) => string, path: string = ""): Schema {
  const { properties, oneOf, anyOf, pattern } = schema;
  // The document says the dialect for all.
  const rest = Object.entries(schema).filter(([key]) => key !== "$schema");
  const fields = Object.entries((properties ?? {}) as Record<string, Schema>).map(([name, field]) => {
    const place = `${path}${name}`;
    return [name, { description: meaningOf(place), ...describe(field, meaningOf, `${place}.`), ...CHECKS[place] }];
  });
  const kindsOf = (kinds: unknown): Schema[] => (kinds as Schema[]).map((kind) => describe(kind, meaningOf, path));
  return {
    ...(Object.fromEntries(rest) as Schema),
    ...(properties !== undefined && { properties: Object.fromEntries(fields) as Schema }),
    ...(oneOf !== undefined && { oneOf: kindsOf(oneOf) }),
    ...(anyOf !== undefined && { anyOf: kindsOf(anyOf) }),
    ...(pattern !== undefined && patternOf(pattern as string)),
  };
}

function patternOf(source: string): Schema {
  const pattern = source.replaceAll(CLEAN, PORTABLE_CLEAN);
  const [, least, most] = OF_LENGTH.exec(pattern) ?? [];
  return { ...(most !== undefined && { minLength: Number(least), maxLength: Number(most) }), pattern };
}
