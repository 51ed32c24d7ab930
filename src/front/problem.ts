/** Failures as problem documents (RFC 9457). The only place that knows HTTP's numbers for them. @module */

import { ERROR_CODES, SluiceError, type ErrorCode, type FieldError } from "../errors.ts";

const STATUS: Readonly<Record<ErrorCode, number>> = {
  bad_cursor: 400,
  bad_parameter: 400,
  bad_json: 400,
  bad_frame: 400,
  body_incomplete: 400,
  bad_idempotency_key: 400,
  unauthorized: 401,
  missing_scope: 403,
  forbidden_origin: 403,
  source_forbidden: 403,
  no_such_route: 404,
  no_such_session: 404,
  no_such_batch: 404,
  method_not_allowed: 405,
  not_acceptable: 406,
  body_too_slow: 408,
  port_taken: 409,
  cannot_listen: 409,
  not_pushed: 409,
  session_over: 409,
  idempotency_key_in_use: 409,
  body_too_large: 413,
  content_type: 415,
  unknown_host: 421,
  bad_spec: 422,
  idempotency_key_reused: 422,
  file_outside: 422,
  file_unreadable: 422,
  no_lines: 422,
  upgrade_required: 426,
  no_common_protocol: 400,
  too_many_tickets: 429,
  too_many_creations: 429,
  too_many_sessions: 429,
  too_many_followers: 429,
  too_many_producers: 429,
  too_many_descriptors: 503,
  stopping: 503,
  // Failures of the command line and the library; no request meets them.
  bad_checkpoint: 500,
  bad_store: 500,
  unsafe_bind: 500,
  bad_option: 500,
  unreachable: 502,
};

/** What helps, where the detail of the failure does not already say. */
const CURES: Partial<Readonly<Record<ErrorCode, string>>> = {
  bad_cursor: "Send back the id of the last event you got, as it was: <epoch>:<seq>.",
  bad_json: "Send a JSON object, or no body at all for the defaults.",
  bad_idempotency_key: "Send 1 to 255 printable characters of ASCII, as they are or in quotation marks.",
  idempotency_key_in_use: "Try again later: the answer will be that of the first request.",
  idempotency_key_reused: "Send another Idempotency-Key, or the body that this one was first sent with.",
  content_type: "Send the header Content-Type that the detail names.",
  not_pushed: 'Start a session with the source {"type":"push"}, or send to where its own source reads.',
  session_over: "Start another session.",
  unauthorized:
    "Send the header Authorization: Bearer <token>; EventSource and WebSocket get a ticket by POST /tickets and use ?ticket=<ticket>, once.",
  missing_scope: "Use a token that has the scope; sluice token NAME --scopes read,write makes one.",
  forbidden_origin: "Open the page from the service itself, or leave out the Origin header outside browsers.",
  unknown_host: "Use the address the service printed at its start, or have it started with --allow-host NAME.",
  port_taken: "Leave out source.port, or set it to 0, for any free port.",
  too_many_creations: "Wait for as many seconds as Retry-After says.",
  too_many_sessions: "Stop a session, or try again later.",
  too_many_followers: "Try again later.",
  too_many_producers: "Try again when another has ended.",
  too_many_descriptors:
    "Stop sessions, or have the service started with a higher limit of open files (ulimit -n): a session with an emitter takes 3, another 1, a follower 1.",
  upgrade_required: "Use a WebSocket client; GET …/sse has the same events over HTTP.",
  no_common_protocol: "Offer sluice.v1.json, or no subprotocol at all.",
  stopping: "Try again when the service is up again.",
};

/** An RFC 9457 document. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
}

/** Seconds after which a refusal for want of room may be different, where nothing better is known. */
const RETRY_AFTER_S = 5;

/** Anything thrown as a document; what is not ours is an internal error and says no more. */
export function problemOf(failure: unknown): Problem {
  if (!(failure instanceof SluiceError)) {
    return {
      type: "about:blank",
      title: "Internal Server Error",
      status: 500,
      detail: "Cannot answer: the service has a fault",
    };
  }
  const { code, message, fields } = failure;
  const document = {
    type: `/problems/${slugOf(code)}`,
    title: ERROR_CODES[code],
    status: STATUS[code],
    detail: message,
  };
  return fields.length === 0 ? document : { ...document, errors: fields };
}

/** The same as a response. */
export function problemResponse(failure: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  const problem = problemOf(failure);
  const response = new Response(`${JSON.stringify(problem)}\n`, {
    status: problem.status,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store", ...headers },
  });
  const seconds = failure instanceof SluiceError ? failure.retryAfterS : undefined;
  if (seconds !== undefined || problem.status === 429 || problem.status === 503) {
    response.headers.set("retry-after", String(seconds ?? RETRY_AFTER_S));
  }
  if (problem.status === 426) response.headers.set("upgrade", "websocket");
  if (problem.status === 401) response.headers.set("www-authenticate", "Bearer");
  return response;
}

/** A type of problem: what it is, and what helps. */
export interface ProblemType {
  /** As in the documents of such problems. */
  readonly type: string;
  readonly slug: string;
  readonly status: number;
  readonly title: string;
  readonly cure: string;
}

/** Every type of problem, as served at `/problems`. */
export function problemTypes(): ProblemType[] {
  return (Object.keys(ERROR_CODES) as ErrorCode[]).map((code) => {
    const cure = CURES[code] ?? "The detail of the answer says what is wanted.";
    const slug = slugOf(code);
    return { type: `/problems/${slug}`, slug, status: STATUS[code], title: ERROR_CODES[code], cure };
  });
}

/** The one of this name, as served at `/problems/{slug}`. */
export function problemType(slug: string): ProblemType {
  const found = problemTypes().find((each) => each.slug === slug);
  if (found !== undefined) return found;
  throw new SluiceError("no_such_route", `Cannot find a problem called ${JSON.stringify(slug.slice(0, 60))}`);
}

/** The same for people. */
export function problemText({ slug, status, title, cure }: ProblemType): string {
  return `${slug}: HTTP ${status}\n\nCause: ${title}.\nCure: ${cure}\n`;
}

/** The name of a problem in its `type`. */
export function slugOf(code: ErrorCode): string {
  return code.replaceAll("_", "-");
}
