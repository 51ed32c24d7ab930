/** What a call wants of its caller, where the service asks for tokens. @module */

import { scopeOf } from "../../front/mod.ts";
import type { Operation, PathItem, Schema } from "./schema.ts";

/** What a browser's streams may have in place of a header. */
const STREAMS = [{ ticket: [] }, { accessToken: [] }] as const;
const SOCKETS = [{ ticket: [] }] as const;

/** How a caller may show a token; a service may also want none. */
export const securitySchemes: Schema = {
  bearer: {
    type: "http",
    scheme: "bearer",
    description: "A token with this scope: `read`; `write`, which includes it; or `admin`, which includes both.",
  },
  ticket: {
    type: "apiKey",
    in: "query",
    name: "ticket",
    description:
      "For streams and WebSockets, which browsers open without a header: what `POST /tickets`, or `POST …/lines/ticket`, gave, once.",
  },
  accessToken: {
    type: "apiKey",
    in: "query",
    name: "access_token",
    description: "The token itself, for reading alone. URLs are kept and shown in many places: a ticket is better.",
  },
};

/** The calls of a path, each with what it wants. */
export function secured(path: string, item: PathItem): PathItem {
  const calls = Object.entries(item).map(([method, operation]: [string, Operation]) => {
    const scope = scopeOf(method.toUpperCase(), path);
    const inUrl = operation.tags[0] === "streams" ? STREAMS : 101 in operation.responses ? SOCKETS : [];
    return [method, { ...operation, security: scope === null ? [] : [{}, { bearer: [scope] }, ...inUrl] }];
  });
  return Object.fromEntries(calls) as PathItem;
}
