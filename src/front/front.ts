/** The first who meets a request: knows who may ask, and answers at once what needs no session. @module */

import { getPath } from "hono/utils/url";
import type { Clock } from "../clock.ts";
import { SluiceError, traceOf } from "../errors.ts";
import type { Log } from "../log.ts";
import type { FetchHandler } from "../runtime.ts";
import type { Answers } from "./answers.ts";
import { assetFor, type Asset, type Found } from "./assets.ts";
import { SECURITY_HEADERS, type Guard } from "./guard.ts";
import { problemResponse, problemText, problemType, problemTypes } from "./problem.ts";
import { isReady, type Readiness } from "./readiness.ts";
import { REQUEST_ID, requestNames } from "./request_id.ts";

/** What the front is made with. */
export interface FrontParts {
  readonly guard: Guard;
  /** Answers everything else. It is loaded when first asked for, so that a service answers before it has loaded all of itself. */
  readonly rooms: () => FetchHandler | Promise<FetchHandler>;
  /** A file that is served as it is by its path, `/` is the page itself; undefined where there is none. */
  readonly asset: (path: string) => Promise<Asset | undefined>;
  /** What `GET /version` tells. */
  readonly about: () => Promise<object>;
  /** What `GET /readyz` tells. */
  readonly readiness: () => Promise<Readiness>;
  readonly answers: Answers;
  readonly clock: Clock;
  readonly log: Log;
}

/** Where files that are served as they are can be. */
const FILES = /^\/(?:$|(?:openapi|asyncapi)\.json$|web\/|client(?:\.js$|\/))/;
/** URLs that answer nothing else with 200 than a WebSocket. */
const SOCKET = /^[^?]*\/ws(?:\?|$)/;
const METHODS: readonly string[] = ["GET", "HEAD", "OPTIONS"];
const ALLOW = METHODS.join(", ");
const JSON_TYPE = { "content-type": "application/json" };
const PLAIN_TEXT = { "content-type": "text/plain; charset=utf-8" };

/** The service as one function from requests to responses. */
export function createFront(parts: FrontParts): FetchHandler {
  const nameRequest = requestNames();
  return async (request, native) => {
    const { answers, clock, log } = parts;
    const [path, began, id] = [getPath(request), clock.elapsed(), nameRequest(request)];
    const response = await respond(request, path, { parts, native, id });
    const { status, headers } = response;
    answers.answered(status, SOCKET.test(request.url));
    // What is a stream already has been answered by its runtime.
    if (!headers.has("x-hono-already-sent")) headers.set(REQUEST_ID, id);
    log("debug", "request", { id, method: request.method, path, status, ms: clock.elapsed() - began });
    return response;
  };
}

interface Answering {
  readonly parts: FrontParts;
  readonly native: object;
  readonly id: string;
}

async function respond(request: Request, path: string, { parts, native, id }: Answering): Promise<Response> {
  try {
    parts.guard.admit(request, path);
    const found = await find(request, path, parts);
    if (found === undefined) return await (await parts.rooms())(request, native);
    if (!METHODS.includes(request.method)) return refuse(parts, notAllowed(request, path), { allow: ALLOW });
    return answer(request, found);
  } catch (failure) {
    if (!(failure instanceof SluiceError)) parts.log("error", "fault", { id, trace: traceOf(failure) });
    return refuse(parts, failure);
  }
}

function refuse({ answers }: FrontParts, failure: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  answers.refused(failure);
  return problemResponse(failure, { ...SECURITY_HEADERS, ...headers });
}

async function find(request: Request, path: string, parts: FrontParts): Promise<Found | undefined> {
  const { asset, about, readiness } = parts;
  // To answer at all is to live: the event loop turns.
  if (path === "/healthz" || path === "/livez") return { body: '{"status":"ok"}\n', headers: JSON_TYPE };
  if (path === "/readyz") return readinessFound(await readiness());
  if (path === "/version") return { body: `${JSON.stringify(await about())}\n`, headers: JSON_TYPE };
  const problems = /^\/problems(?:\/([^/]+))?$/.exec(path);
  if (problems !== null) return explain(problems[1], request.headers.get("accept") ?? "");
  if (!FILES.test(path)) return undefined;
  const file = await asset(path);
  return file && assetFor(request, file);
}

function readinessFound(readiness: Readiness): Found {
  const status = isReady(readiness) ? 200 : 503;
  return { status, body: `${JSON.stringify(readiness)}\n`, headers: { ...JSON_TYPE, "cache-control": "no-store" } };
}

function notAllowed({ method }: Request, path: string): SluiceError {
  return new SluiceError("method_not_allowed", `Cannot ${method} ${path}: ${ALLOW} can be had`);
}

/** A type of problem, as text unless JSON is asked for; or all of them, the other way round. */
function explain(slug: string | undefined, accept: string): Found {
  const types = slug === undefined ? problemTypes() : problemType(slug);
  const isText = slug === undefined ? accept.includes("text/plain") : !accept.includes("application/json");
  const vary = { vary: "accept" };
  if (!isText) return { body: `${JSON.stringify(types)}\n`, headers: { ...JSON_TYPE, ...vary } };
  return { body: [types].flat().map(problemText).join("\n"), headers: { ...PLAIN_TEXT, ...vary } };
}

function answer({ method }: Request, { status = 200, body, headers }: Found): Response {
  if (method === "OPTIONS") return new Response(null, { status: 204, headers: { ...SECURITY_HEADERS, allow: ALLOW } });
  return new Response(method === "HEAD" ? null : body, { status, headers: { ...SECURITY_HEADERS, ...headers } });
}
