/** Answers in JSON. @module */

import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** What an answer has besides its value; by default status 200. */
interface Answer {
  readonly status?: ContentfulStatusCode;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The value as JSON, with a line end for those who read it in a terminal. */
export function json(c: Context, value: object, { status = 200, headers = {} }: Answer = {}): Response {
  return c.body(`${JSON.stringify(value)}\n`, status, { "content-type": "application/json", ...headers });
}
