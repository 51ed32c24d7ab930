/** Where one can go from an answer: OpenAPI's links, from what is in it to the parameters of other calls. @module */

import type { Schema } from "./schema.ts";

/** A link for each of these calls, with the same parameters. */
function to(operations: readonly string[], parameters: Schema): Schema {
  return Object.fromEntries(operations.map((operationId) => [operationId, { operationId, parameters }]));
}

const READ = ["showSession", "listBatches", "followEvents", "followSocket", "followText"];
const OF_BATCH = ["showBatch", "listWords", "listLines"];

/** Of an answer that is a session. */
export const ofSession: Schema = {
  ...to([...READ, "stopSession", "deleteSession"], { id: "$response.body#/id" }),
  followSeveralEvents: { operationId: "followSeveralEvents", parameters: { session: "$response.body#/id" } },
};

/** Of a page of sessions. */
export const ofFirstSession: Schema = to([...READ, "stopSession"], { id: "$response.body#/items/0/id" });

/** Of an answer about the session of the path. */
export const ofThisSession: Schema = to([...READ, "deleteSession"], { id: "$request.path.id" });

/** Of a page of batches. */
export const ofBatches: Schema = to(OF_BATCH, { id: "$request.path.id", seq: "$response.body#/items/0/cursor" });
