/** Calls that tell of the service, and the files for browsers. @module */

import { ifNoneMatch } from "./parameters.ts";
import { problems } from "./problems.ts";
import { answer, content, headersOf, object, ref, type Operation, type PathItem, type Schema } from "./schema.ts";

const tags = ["service"] as const;
const VARY = headersOf({ Vary: "accept" });
const ETAG = headersOf({ ETag: "The file's version." });

/** A call without parameters that is always answered. */
function told(operationId: string, summary: string, schema: Schema): Operation {
  return {
    operationId,
    tags,
    summary,
    responses: { 200: answer(`${summary}.`, schema) },
  };
}

function file(operationId: string, summary: string, types: readonly string[]): Operation {
  const contents = types.map((type) => [
    type,
    { schema: type === "application/json" ? { type: "object" } : { type: "string" } },
  ]);
  return {
    operationId,
    tags: ["files"],
    summary,
    parameters: [ifNoneMatch],
    responses: {
      200: {
        description: "The file, zipped where that is taken.",
        ...ETAG,
        content: Object.fromEntries(contents),
      },
      304: { description: "It is what the client has.", ...ETAG },
    },
  };
}

interface Part {
  readonly name: string;
  readonly description: string;
  readonly example: string;
}

/** The same for each path with this part; there is not something at all of them. */
function named(operation: Operation, part: Part): Operation {
  const parameter = { ...part, in: "path", required: true, schema: { type: "string" } };
  const { parameters = [], responses } = operation;
  return {
    ...operation,
    parameters: [parameter, ...parameters],
    responses: { ...responses, ...problems("no_such_route") },
  };
}

/** Paths with their calls. */
export const servicePaths: Readonly<Record<string, PathItem>> = {
  "/healthz": {
    get: told("health", "Whether it answers", object("It does.", { status: { const: "ok" } })),
  },
  "/livez": {
    get: told("liveness", "Whether the process lives", object("It does.", { status: { const: "ok" } })),
  },
  "/readyz": {
    get: {
      operationId: "readiness",
      tags,
      summary: "Whether sessions can be served, and what is in trouble",
      description:
        "A source in trouble makes it `degraded` and leaves it at 200: its session is alone with that. A limit that is reached is no trouble, its callers are told by 429.",
      responses: {
        200: answer("They can.", ref("Readiness")),
        503: answer("They cannot: `sessions`, `store` or `descriptors` is not ok.", ref("Readiness")),
      },
    },
  },
  "/version": { get: told("version", "What answers", ref("Version")) },
  "/limits": { get: told("limits", "Every bound, as it is set, and how much of it is used", ref("LimitList")) },
  "/lateness": {
    get: told(
      "lateness",
      "How late batches are: until they are sealed and their followers written to",
      ref("Lateness"),
    ),
  },
  "/metrics": {
    get: {
      operationId: "metrics",
      tags,
      summary: "What is measured, for Prometheus",
      responses: {
        200: {
          description: "Prometheus's text format, version 0.0.4; `docs/metrics.md` has every series.",
          ...content("text/plain", { type: "string" }),
        },
      },
    },
  },
  "/problems": {
    get: {
      operationId: "listProblems",
      tags,
      summary: "Every problem there is, with cause and cure",
      description: "As JSON, or with `Accept: text/plain` as texts, one after the other.",
      responses: {
        200: {
          description: "All of them.",
          ...VARY,
          content: {
            "application/json": { schema: { type: "array", items: ref("ProblemType") } },
            "text/plain": { schema: { type: "string" } },
          },
        },
      },
    },
  },
  "/problems/{slug}": {
    get: named(
      {
        operationId: "explainProblem",
        tags,
        summary: "Cause and cure of a problem",
        description: "A text, or with `Accept: application/json` the same as an object.",
        responses: {
          200: {
            description: "What it is, and what helps.",
            ...VARY,
            content: {
              "text/plain": { schema: { type: "string" } },
              "application/json": { schema: ref("ProblemType") },
            },
          },
        },
      },
      {
        name: "slug",
        description: "What follows `/problems/` in the `type` of a problem document.",
        example: "bad-cursor",
      },
    ),
  },
  "/openapi.json": { get: file("openapi", "This document", ["application/json"]) },
  "/asyncapi.json": { get: file("asyncapi", "The streams, as an AsyncAPI document", ["application/json"]) },
  "/": { get: file("page", "The page", ["text/html"]) },
  "/web/{file}": {
    get: named(file("pageFile", "A file of the page", ["text/javascript", "text/css", "image/svg+xml", "text/plain"]), {
      name: "file",
      description: "Its name, of one of the folder `vendor` with that.",
      example: "page.js",
    }),
  },
  "/client.js": { get: file("client", "The client, as a module for browsers", ["text/javascript"]) },
  "/client/{file}": {
    get: named(file("clientFile", "A file of the client", ["text/javascript"]), {
      name: "file",
      description: "Its name.",
      example: "mod.js",
    }),
  },
};
