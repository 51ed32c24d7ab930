/** Calls that start, show and end sessions. @module */

import { id, idempotencyKey, ofSessions } from "./parameters.ts";
import { problems } from "./problems.ts";
import { ofFirstSession, ofSession, ofThisSession } from "./links.ts";
import { answer, headersOf, ref, type PathItem, type Schema } from "./schema.ts";

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
        200: answer("A page.", ref("SessionPage"), { links: ofFirstSession }),
        ...problems("bad_parameter", "no_such_session"),
      },
    },
    post: {
      operationId: "startSession",
      tags,
      summary: "Start a session",
      description: "No body means the laboratory: an emitter that says a random line every 2 s, and a batch every 5 s.",
      parameters: [idempotencyKey],
      requestBody: body("What it is to be; an unknown field is refused.", "SessionSpec", {
        name: "tour",
        batchIntervalMs: 1000,
      }),
      responses: {
        201: answer("It has started.", ref("Session"), {
          ...headersOf(
            { Location: "Its path.", "Idempotency-Replayed": "`true`: it was started by an earlier request." },
            ["Idempotency-Replayed"],
          ),
          links: ofSession,
        }),
        ...problems(
          "bad_json",
          "body_incomplete",
          "bad_idempotency_key",
          "source_forbidden",
          "port_taken",
          "cannot_listen",
          "idempotency_key_in_use",
          "body_too_large",
          "body_too_slow",
          "content_type",
          "bad_spec",
          "idempotency_key_reused",
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
      responses: {
        204: { description: "It is gone, with its history." },
        ...problems("no_such_session"),
      },
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
        200: answer("It is over.", ref("Session"), { links: ofThisSession }),
        ...problems(
          "bad_json",
          "body_incomplete",
          "no_such_session",
          "body_too_large",
          "body_too_slow",
          "content_type",
          "bad_spec",
        ),
      },
    },
  },
};
