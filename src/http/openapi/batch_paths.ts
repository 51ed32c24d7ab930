/** Calls for what a session has counted. @module */

import { id, ifNoneMatch, ofHistory, ofWords, seq, seqOrLatest, topOfHistory } from "./parameters.ts";
import { problems } from "./problems.ts";
import { ofBatches } from "./links.ts";
import { answer, headersOf, ref, type PathItem, type Schema } from "./schema.ts";

const tags = ["history"] as const;
const ETAG = "The batch's hash.";
const LINK = headersOf({ Link: "The pages beside it, as `next` and `prev` (RFC 8288)." }, ["Link"]);

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
          ...LINK,
          content: {
            "application/json": { schema: ref("BatchPage") },
            "application/x-ndjson": plain("A batch a line."),
            "text/plain": plain("The batches as Spark's `pprint` has them."),
            "text/csv": plain("Rows of `seq,time,word,count`, safe for spreadsheets."),
          },
          links: ofBatches,
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
      parameters: [id, seqOrLatest, topOfHistory, ifNoneMatch],
      responses: {
        200: answer("The batch.", ref("Batch"), headersOf({ ETag: ETAG })),
        304: { description: "It is what the client has.", ...headersOf({ ETag: ETAG }) },
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
        200: answer(
          "A page.",
          ref("WordPage"),
          headersOf({ ETag: ETAG, Link: "The next page, as `next` (RFC 8288)." }, ["Link"]),
        ),
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
