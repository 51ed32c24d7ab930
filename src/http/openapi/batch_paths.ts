/** Calls for what a session has counted. @module */

import { id, ofHistory, ofWords, seq, seqOrLatest, topOfHistory } from "./parameters.ts";
import { problems } from "./problems.ts";
import { answer, headersOf, ref, type PathItem, type Schema } from "./schema.ts";

const tags = ["history"] as const;
const LINK = { Link: "The pages beside it, as `next` and `prev` (RFC 8288)." };
const ETAG = { ETag: "The batch's hash." };

const plain = (description: string): Schema => ({ schema: { type: "string", description } });

/** Paths with their calls. */
export const batchPaths: Readonly<Record<string, PathItem>> = {
  "/sessions/{id}/batches": {
    get: {
      operationId: "listBatches",
      tags,
      summary: "The history, page by page",
      description: "In the form that `Accept` asks for.",
      parameters: [id, ...ofHistory],
      responses: {
        200: {
          description: "A page.",
          ...headersOf(LINK),
          content: {
            "application/json": { schema: ref("BatchPage") },
            "application/x-ndjson": plain("A batch a line."),
            "text/plain": plain("The batches as Spark's `pprint` has them."),
            "text/csv": plain("Rows of `seq,time,word,count`, safe for spreadsheets."),
          },
        },
        ...problems("bad_parameter", "bad_cursor", "no_such_session", "not_acceptable"),
      },
    },
  },
  "/sessions/{id}/batches/{seq}": {
    get: {
      operationId: "showBatch",
      tags,
      summary: "One batch with all its words",
      description: "A numbered one never changes, and may be kept for ever.",
      parameters: [
        id,
        seqOrLatest,
        topOfHistory,
        { name: "If-None-Match", in: "header", description: "What an `ETag` said.", schema: { type: "string" } },
      ],
      responses: {
        200: answer("The batch.", ref("Batch"), ETAG),
        304: { description: "It is what the client has.", ...headersOf(ETAG) },
        ...problems("bad_parameter", "bad_cursor", "no_such_session", "no_such_batch"),
      },
    },
  },
  "/sessions/{id}/batches/{seq}/words": {
    get: {
      operationId: "listWords",
      tags,
      summary: "The words of a batch, page by page",
      description: "For batches of many.",
      parameters: [id, seq, ...ofWords],
      responses: {
        200: answer("A page.", ref("WordPage"), { ...ETAG, Link: "The next page, as `next` (RFC 8288)." }),
        ...problems("bad_parameter", "bad_cursor", "no_such_session", "no_such_batch"),
      },
    },
  },
  "/sessions/{id}/batches/{seq}/lines": {
    get: {
      operationId: "listLines",
      tags,
      summary: "The lines a batch was counted from",
      description: "They are kept for the newest 8 batches, where they are up to 2 KiB.",
      parameters: [id, seq],
      responses: {
        200: answer("The lines, or null.", ref("BatchLines")),
        ...problems("bad_cursor", "no_such_session", "no_such_batch"),
      },
    },
  },
};
