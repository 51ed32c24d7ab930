/** Parameters of calls. @module */

import { STATES } from "../../sessions/mod.ts";
import type { Schema } from "./schema.ts";

/** What a whole number may be. */
interface Bounds {
  readonly least: number;
  readonly most: number;
  readonly otherwise?: number;
}

const CURSOR = "^(?:[a-z0-9]{1,32}:)?\\d{1,15}$";
const PLACE = "[^=,]+=(?:[a-z0-9]{1,32}:)?\\d{1,15}";
const PLACES = `^(?:${PLACE}(?:,${PLACE})*)?$`;

function query(name: string, description: string, schema: Schema): Schema {
  return { name, in: "query", description, schema };
}

function whole(name: string, description: string, { least, most, otherwise }: Bounds): Schema {
  const start = otherwise === undefined ? {} : { default: otherwise };
  return query(name, description, { type: "integer", minimum: least, maximum: most, ...start });
}

/** Of a path. */
export const id: Schema = {
  name: "id",
  in: "path",
  required: true,
  description: "The id of a session.",
  schema: { type: "string" },
  example: "s_8f3c2a",
};

/** What asks for nothing that the client has. */
export const ifNoneMatch: Schema = {
  name: "If-None-Match",
  in: "header",
  description: "What an `ETag` said.",
  schema: { type: "string" },
};

/** What makes a request that comes again one with the first. */
export const idempotencyKey: Schema = {
  name: "Idempotency-Key",
  in: "header",
  description:
    "A name of the client's own for this request, 1 to 255 printable characters of ASCII, as they are or in quotation marks (RFC 8941). Sent again with it, the same body is answered as before, and starts nothing.",
  schema: {
    type: "string",
    pattern: '^(?:"(?:[ !#-\\[\\]-~]|\\\\["\\\\]){1,255}"|[!#-~](?:[ -~]{0,253}[!-~])?)$',
  },
  example: "8e03978e-40d5-43dd-bc93-6894a57f9324",
};

/** Of a path: a batch. */
export const seq: Schema = {
  name: "seq",
  in: "path",
  required: true,
  description: "The number of a batch, or its cursor, which says of which log it is.",
  schema: { type: "string", pattern: CURSOR },
  example: "2",
};

/** The same where the newest can be asked for. */
export const seqOrLatest: Schema = {
  ...seq,
  description: "The number of a batch, or its cursor, which says of which log it is; `latest`: the newest.",
  schema: { type: "string", pattern: `^latest$|${CURSOR}` },
};

/** Of the list of sessions. */
export const ofSessions: readonly Schema[] = [
  query("state", "Only sessions of this state.", { type: "string", enum: Object.keys(STATES) }),
  whole("limit", "Most sessions of the page.", { least: 1, most: 1000, otherwise: 100 }),
  query("after", "The id of a session: only those that were created after it.", { type: "string" }),
];

/** Words of each batch of history. */
export const topOfHistory: Schema = whole(
  "top",
  "Most words of a batch, the most frequent first; `more` counts the others. By default 500, 10 of text, all of a single batch.",
  { least: 0, most: 100_000_000 },
);

/** Of a page of history. */
export const ofHistory: readonly Schema[] = [
  query("after", "A cursor: only later batches.", { type: "string", pattern: CURSOR }),
  query("before", "A cursor: only earlier batches.", { type: "string", pattern: CURSOR }),
  whole("limit", "Most batches of the page.", { least: 0, most: 1000, otherwise: 100 }),
  query("order", "The oldest first, or the newest.", { type: "string", enum: ["asc", "desc"], default: "asc" }),
  topOfHistory,
];

/** Of a page of words. */
export const ofWords: readonly Schema[] = [
  whole("limit", "Most words of the page.", { least: 1, most: 10_000, otherwise: 1000 }),
  whole("offset", "How many to leave out, the most frequent first.", { least: 0, most: 100_000_000, otherwise: 0 }),
];

/** How a stream is to be. */
function manner(top: number): readonly Schema[] {
  const policies = ["gap", "latest", "disconnect"];
  return [
    whole("top", "Most words of a batch.", { least: 0, most: 1_000_000, otherwise: top }),
    query(
      "policy",
      "What becomes of a follower that is too slow: it reads on and is told of gaps, gets the newest batch in place of those that wait, or is cut.",
      { type: "string", enum: policies, default: "gap" },
    ),
    whole("maxLag", "With the last two: how many batches may wait for it. By default 1 and 100.", {
      least: 1,
      most: 1_000_000,
    }),
  ];
}

const since = query(
  "since",
  "Where to begin without a cursor: `now`, `earliest`, or `-n` for the newest n. By default the newest batch.",
  {
    type: "string",
    pattern: "^(?:now|earliest|-\\d{1,9})$",
  },
);

function resuming(pattern: string, what: string): readonly Schema[] {
  const schema = { type: "string", pattern };
  return [
    {
      name: "Last-Event-ID",
      in: "header",
      description: `${what}: to go on after it. An empty one is none.`,
      schema: { type: "string", pattern: `^$|${pattern}` },
    },
    query("lastEventId", "The same, for those who can send no header.", schema),
    query("after", "The same, after the other two.", schema),
    since,
  ];
}

/** Of a stream of one session. */
export function ofStream(top: number): readonly Schema[] {
  return [id, ...resuming(CURSOR, "The cursor of the last batch"), ...manner(top)];
}

/** Of an event stream of several sessions. */
export const ofSeveral: readonly Schema[] = [
  {
    ...query("session", "The id of a session, once for each.", {
      type: "array",
      items: { type: "string" },
      minItems: 1,
      maxItems: 100,
    }),
    required: true,
    example: ["s_8f3c2a"],
  },
  ...resuming(PLACES, "Cursors by session, as in `s_8f3c2a=k3v9:2,s_x=zz:7`"),
  ...manner(500),
];

/** Of a WebSocket of several sessions. */
export const ofSeveralSocket: readonly Schema[] = manner(500);

/** What a WebSocket asks for besides. */
export const ofUpgrade: Schema = {
  name: "Sec-WebSocket-Protocol",
  in: "header",
  description: "The subprotocol `sluice.v1.json`, or none at all.",
  schema: { type: "string" },
};
