/** Calls that start, show and end sessions. @module */

import { id, ofSessions } from "./parameters.ts";
import { problems } from "./problems.ts";
import { answer, ref, type PathItem, type Schema } from "./schema.ts";

const tags = ["sessions"] as const;

function body(description: string, schema: string, example: Schema): Schema {
  return { description, required: false, content: { "application/json": { schema: ref(schema), example } } };
}

/** Paths with their calls. */
export const sessionPaths: Readonly<Record<string, PathItem>> = {
  "/sessions": {
    get: {
      operationId: "listSessions",
      tags,
      summary: "The sessions, page by page",
      parameters: ofSessions,
      responses: {
        200: answer("A page.", ref("SessionPage")),
        ...problems("bad_parameter", "no_such_session"),
      },
    },
    post: {
      operationId: "startSession",
      tags,
      summary: "Start a session",
      description: "No body means the laboratory: an emitter that says a random line every 2 s, and a batch every 5 s.",
      requestBody: body("What it is to be; an unknown field is refused.", "SessionSpec", {
        name: "tour",
        batchIntervalMs: 1000,
      }),
      responses: {
        201: answer("It has started.", ref("Session"), { Location: "Its path." }),
        ...problems(
          "bad_json",
          "body_incomplete",
          "source_forbidden",
          "port_taken",
          "cannot_listen",
          "body_too_large",
          "content_type",
          "bad_spec",
          "file_outside",
          "file_unreadable",
          "no_lines",
          "too_many_creations",
          "too_many_sessions",
          "too_many_descriptors",
          "stopping",
        ),
      },
    },
  },
  "/sessions/{id}": {
    get: {
      operationId: "showSession",
      tags,
      summary: "A session as it is",
      parameters: [id],
      responses: { 200: answer("The session.", ref("Session")), ...problems("no_such_session") },
    },
    delete: {
      operationId: "deleteSession",
      tags,
      summary: "Stop a session and forget it",
      parameters: [id],
      responses: { 204: { description: "It is gone, with its history." }, ...problems("no_such_session") },
    },
  },
  "/sessions/{id}/stop": {
    post: {
      operationId: "stopSession",
      tags,
      summary: "Stop a session",
      description:
        "What has arrived becomes one last batch, `partial` and `final`. It is answered when that is over; asked again, the same. The history is kept.",
      parameters: [id],
      requestBody: body("How it is to stop.", "StopSpec", { graceful: true }),
      responses: {
        200: answer("It is over.", ref("Session")),
        ...problems("bad_json", "body_incomplete", "no_such_session", "body_too_large", "content_type", "bad_spec"),
      },
    },
  },
};
