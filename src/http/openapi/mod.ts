/** The OpenAPI document of the service, from its parts. No part of what runs: what is served was written from it. @module */

import { batchPaths } from "./batch_paths.ts";
import { batchSchemas } from "./batch.ts";
import { withMeanings } from "./bodies.ts";
import { eventSchemas } from "./events.ts";
import { commonAnswers, ELSEWHERE, problemSchemas, withCommonAnswers } from "./problems.ts";
import { pushPaths, pushSchemas } from "./push_paths.ts";
import type { Method, Operation, PathItem, Schema } from "./schema.ts";
import { secured, securitySchemes } from "./security.ts";
import { servicePaths } from "./service_paths.ts";
import { sessionPaths } from "./session_paths.ts";
import { sessionSchemas } from "./session.ts";
import { streamPaths } from "./stream_paths.ts";

export { asyncApi, type AsyncApi } from "./async_api.ts";

/** What the document is made with. */
export interface DocumentParts {
  readonly version: string;
  /** Schemas of bodies, as JSON schemas, by name. */
  readonly bodies: Readonly<Record<string, Schema>>;
}

/** An OpenAPI 3.2 document: the first that can say what an event stream is made of. */
export interface OpenApi {
  readonly openapi: string;
  readonly info: Schema;
  readonly servers: readonly Schema[];
  readonly tags: readonly Schema[];
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Schema;
    readonly securitySchemes: Schema;
  };
}

const DESCRIPTION =
  "Word counts of every interval of a stream of lines. What can be asked by GET can be asked by HEAD; OPTIONS names the methods of a path. Failures are problem documents (RFC 9457).";

const PATHS = { ...sessionPaths, ...pushPaths, ...batchPaths, ...streamPaths, ...servicePaths };

/** Makes the document. */
export function openApi({ version, bodies }: DocumentParts): OpenApi {
  const described = Object.entries(bodies).map(([name, schema]) => [name, withMeanings(name, schema)]);
  return {
    openapi: "3.2.0",
    info: {
      title: "Sluice",
      version,
      description: `${DESCRIPTION} ${ELSEWHERE}`,
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/", description: "The service that gives this document." }],
    tags: [
      { name: "sessions", description: "A session is a source, its word count, and the log of its batches." },
      { name: "history", description: "Batches that are kept." },
      { name: "streams", description: "Batches as they are cut." },
      { name: "service", description: "How the service is." },
      { name: "files", description: "What browsers load." },
    ],
    paths: Object.fromEntries(Object.entries(PATHS).map(([path, item]) => [path, complete(secured(path, item))])),
    components: {
      schemas: {
        ...(Object.fromEntries(described) as Record<string, Schema>),
        ...sessionSchemas,
        ...batchSchemas,
        ...eventSchemas,
        ...pushSchemas,
        ...problemSchemas,
      },
      responses: commonAnswers,
      securitySchemes,
    },
  };
}

function complete(item: PathItem): PathItem {
  const calls = Object.entries(item) as [Method, Operation][];
  return Object.fromEntries(calls.map(([method, operation]) => [method, withCommonAnswers(method, operation)]));
}
