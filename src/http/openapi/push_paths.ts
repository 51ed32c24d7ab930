/** Calls that bring lines to sessions. @module */

import { id, ofUpgrade } from "./parameters.ts";
import { problems } from "./problems.ts";
import { amount, answer, content, cursor, object, orNull, ref, text, type PathItem, type Schema } from "./schema.ts";

const tags = ["sessions"] as const;
const taken = {
  lines: amount("Lines. Their sum, on a WebSocket."),
  bytes: amount("Bytes. Their sum, on a WebSocket."),
  batch: orNull(
    cursor(
      "Cursor of the batch that has the last of them, when it is cut; null: there are none. It is not in the log yet.",
    ),
  ),
};

/** The schemas by name. */
export const pushSchemas: Readonly<Record<string, Schema>> = {
  Taken: object("What has been counted, in batches that are not in the log yet.", taken),
};

/** What a WebSocket tells of the lines that it brings. */
export const PUSH_EVENTS: Schema = {
  ack: object("What has been counted so far, at most every 50 ms.", taken),
  error: object("What was said could not be taken.", { problem: ref("Problem") }),
};

/** What it takes. */
export const PUSHED: Schema = { lines: text("One or more lines; the last needs no end.") };

const lines = content("text/plain", text("Lines, in UTF-8. The last needs no end."));
const values = content("application/x-ndjson", text('A JSON text a line: a string, or `{"line":"…"}`.'));

/** Paths with their calls. */
export const pushPaths: Readonly<Record<string, PathItem>> = {
  "/sessions/{id}/lines": {
    post: {
      operationId: "pushLines",
      tags,
      summary: "Bring lines to a session whose source is `push`",
      description:
        "A body of any length, read as fast as the session takes it: TCP holds who sends more. What was taken before a failure stays taken; the detail of the problem says how much.",
      parameters: [id],
      requestBody: {
        description: "Lines; what has no media type is taken for text.",
        required: false,
        content: { ...(lines["content"] as Schema), ...(values["content"] as Schema) },
      },
      responses: {
        200: answer("All of them have been counted.", ref("Taken")),
        ...problems(
          "bad_json",
          "body_incomplete",
          "no_such_session",
          "not_pushed",
          "session_over",
          "body_too_large",
          "content_type",
          "too_many_producers",
        ),
      },
    },
  },
  "/sessions/{id}/lines/ticket": {
    post: {
      operationId: "giveLinesTicket",
      tags,
      summary: "Get a ticket for the WebSocket that brings lines",
      description:
        "For `?ticket=` of `GET /sessions/{id}/lines/ws` of this session, as a browser's WebSocket cannot have a header. It opens one, within 30 s.",
      parameters: [id],
      responses: {
        201: answer("The ticket.", ref("Ticket")),
        ...problems("no_such_session", "not_pushed", "session_over", "too_many_producers", "too_many_tickets"),
      },
    },
  },
  "/sessions/{id}/lines/ws": {
    get: {
      operationId: "pushSocket",
      tags,
      summary: "Bring lines to a session over WebSocket",
      description: "Each text message is one or more lines; the last needs no end.",
      parameters: [id, ofUpgrade],
      responses: {
        101: {
          description:
            "The WebSocket. It closes with 1000 when the session is over or nothing came for too long, 1012 when the service stops and the session will go on, 1008 after a binary message, 1009 after one that is too big, 1013 when too much came that was not acknowledged.",
          "x-events": PUSH_EVENTS,
        },
        ...problems(
          "no_common_protocol",
          "no_such_session",
          "not_pushed",
          "session_over",
          "upgrade_required",
          "too_many_producers",
        ),
      },
    },
  },
};
