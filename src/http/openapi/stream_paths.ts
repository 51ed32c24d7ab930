/** Calls that follow sessions. @module */

import { EVENTS, RESUME, SEVERAL_SOCKET_EVENTS, SOCKET_EVENTS, SUBSCRIBE } from "./events.ts";
import { ofSeveral, ofSeveralSocket, ofStream, ofUpgrade } from "./parameters.ts";
import { problems } from "./problems.ts";
import { answer, content, ref, type PathItem, type Schema } from "./schema.ts";

const tags = ["streams"] as const;

/** Events of an event stream: each is one of these, by its name. */
function events(kinds: Schema, shape: (payload: Schema) => Schema = (payload) => payload): Schema {
  const items = Object.entries(kinds as Record<string, Schema>).map(([name, payload]) => ({
    type: "object",
    properties: {
      event: { const: name },
      data: { type: "string", contentMediaType: "application/json", contentSchema: shape(payload) },
    },
    required: ["event", "data"],
  }));
  return { content: { "text/event-stream": { itemSchema: { oneOf: items } } } };
}

/** What is told of one of several sessions says which. */
const saysSession = (payload: Schema): Schema => ({
  allOf: [payload, { type: "object", properties: { session: { type: "string" } }, required: ["session"] }],
});
const seen: Schema = { description: "It is over, and the client has seen its end: an `EventSource` stops." };

/** An answer that is a WebSocket: what comes, and what it takes. */
function socket(comes: Schema, takes: Schema): Schema {
  return {
    description:
      "The WebSocket. Each message is a JSON object with its `type`. It closes with 1000 at the end, 1001 or 1012 when the service stops, 1008 after a message it does not take, 1009 after one that is too big, 4008 by `policy=disconnect`.",
    "x-events": comes,
    "x-messages": takes,
  };
}

/** Paths with their calls. */
export const streamPaths: Readonly<Record<string, PathItem>> = {
  "/sessions/{id}/sse": {
    get: {
      operationId: "followEvents",
      tags,
      summary: "Follow a session by Server-Sent Events",
      description: "The `id` of a batch's event is its cursor.",
      parameters: ofStream(500),
      responses: {
        200: { description: "Events, until the session is over.", ...events(EVENTS) },
        204: seen,
        ...problems("bad_parameter", "bad_cursor", "no_such_session", "too_many_followers", "too_many_descriptors"),
      },
    },
  },
  "/sessions/{id}/ws": {
    get: {
      operationId: "followSocket",
      tags,
      summary: "Follow a session by WebSocket",
      parameters: [...ofStream(500), ofUpgrade],
      responses: {
        101: socket(SOCKET_EVENTS, RESUME),
        ...problems(
          "bad_parameter",
          "bad_cursor",
          "no_common_protocol",
          "no_such_session",
          "upgrade_required",
          "too_many_followers",
          "too_many_descriptors",
        ),
      },
    },
  },
  "/sessions/{id}/text": {
    get: {
      operationId: "followText",
      tags,
      summary: "Follow a session as Spark prints it",
      parameters: ofStream(10),
      responses: {
        200: {
          description: "Spark's `pprint`, until the session is over. Gaps and resets are lines that begin with `#`.",
          ...content("text/plain", { type: "string" }),
        },
        ...problems("bad_parameter", "bad_cursor", "no_such_session", "too_many_followers", "too_many_descriptors"),
      },
    },
  },
  "/sse": {
    get: {
      operationId: "followSeveralEvents",
      tags,
      summary: "Follow several sessions by Server-Sent Events",
      description: "Each event says its `session`. The `id` is the places in all of them, and resumes as others do.",
      parameters: ofSeveral,
      responses: {
        200: { description: "Events, until all sessions are over.", ...events(EVENTS, saysSession) },
        204: seen,
        ...problems("bad_parameter", "bad_cursor", "no_such_session", "too_many_followers", "too_many_descriptors"),
      },
    },
  },
  "/ws": {
    get: {
      operationId: "followSeveralSocket",
      tags,
      summary: "Follow several sessions by WebSocket",
      description: "It follows what it is told to, up to 100 sessions; after 30 s of nothing it is closed.",
      parameters: [...ofSeveralSocket, ofUpgrade],
      responses: {
        101: socket(SEVERAL_SOCKET_EVENTS, SUBSCRIBE),
        ...problems("bad_parameter", "no_common_protocol", "upgrade_required", "too_many_descriptors"),
      },
    },
  },
  "/tickets": {
    post: {
      operationId: "giveTicket",
      tags: ["service"],
      summary: "Get a ticket for a stream",
      description:
        "For `?ticket=` of an `EventSource` or a WebSocket, which in browsers cannot have a header. It opens one stream, within 30 s, and lets read alone.",
      requestBody: {
        description: "Which session it is for; by default any.",
        required: false,
        content: { "application/json": { schema: ref("TicketSpec"), example: { session: "s_8f3c2a" } } },
      },
      responses: {
        201: answer("The ticket.", ref("Ticket")),
        ...problems("bad_json", "no_such_session", "body_too_large", "content_type", "bad_spec", "too_many_tickets"),
      },
    },
  },
};
