/** Which media type an answer is to have. @module */

import type { Context } from "hono";
import { SluiceError } from "../errors.ts";

/** The ways in which batches can be had. */
export type BatchForm = "json" | "lines" | "text" | "csv";

const FORMS: ReadonlyMap<string, BatchForm> = new Map([
  ["application/x-ndjson", "lines"],
  ["application/jsonl", "lines"],
  ["text/plain", "text"],
  ["text/csv", "csv"],
]);
const JSON_TYPES = new Set(["application/json", "application/*", "*/*"]);

/** JSON, one batch a line, Spark's text or rows of words, whichever the request takes; refuses what is none of these. */
export function batchFormOf(c: Context): BatchForm {
  const accept = (c.req.header("accept") ?? "*/*")
    .toLowerCase()
    .split(",")
    .map((each) => each.split(";")[0]?.trim() ?? "");
  for (const type of accept) {
    const form = FORMS.get(type);
    if (form !== undefined) return form;
  }
  if (accept.some((type) => JSON_TYPES.has(type))) return "json";
  const types = `application/json, ${[...FORMS.keys()].filter((type) => type !== "application/jsonl").join(", ")}`;
  throw new SluiceError("not_acceptable", `Cannot answer in a media type of the Accept header: ${types} can be had`);
}
