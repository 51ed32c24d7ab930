/** Failures a caller can act on, each with a code that never changes its meaning. @module */

/** Every code, with what it means. `http/problem.ts` alone knows which HTTP status each one is. */
export const ERROR_CODES = {
  bad_cursor: "A cursor is not of the form <epoch>:<seq>",
  bad_parameter: "A query parameter is not what it may be",
  bad_json: "A body is not JSON",
  bad_spec: "A field of the body is not what it may be",
  body_incomplete: "A body broke off, or nothing came of it for too long",
  body_too_large: "A body is longer than the limit",
  bad_idempotency_key: "An Idempotency-Key is not what it may be",
  idempotency_key_in_use: "The first request of this Idempotency-Key is not answered yet",
  idempotency_key_reused: "The Idempotency-Key was used for another body",
  body_too_slow: "A body has not come whole in time",
  content_type: "A body is not of the media type this call takes",
  not_acceptable: "None of the asked media types can be had",
  unauthorized: "The bearer token is missing or wrong",
  missing_scope: "The token may not do this",
  forbidden_origin: "The request comes from a page of another origin",
  unknown_host: "The Host header names a host this server does not serve",
  no_such_route: "There is nothing at this path",
  no_such_session: "No session has this id",
  no_such_batch: "No batch kept has this number",
  method_not_allowed: "The path exists, but not with this method",
  upgrade_required: "This path speaks WebSocket only",
  no_common_protocol: "None of the offered WebSocket subprotocols is spoken here",
  bad_frame: "A WebSocket frame is not a message this server takes",
  port_taken: "The port is in use",
  cannot_listen: "The address cannot be listened on",
  file_outside: "The file is not in the data folder",
  file_unreadable: "The file cannot be read",
  no_lines: "There is no non-blank line to send",
  source_forbidden: "Reading from this address, or listening on it, is not allowed",
  not_pushed: "The source of the session takes no lines over HTTP",
  session_over: "The session is over, or about to be",
  too_many_producers: "The limit of those who bring lines to a session is reached",
  too_many_tickets: "The limit of tickets that are not yet used is reached",
  too_many_creations: "An address may not start more sessions for now",
  too_many_sessions: "The limit of running sessions is reached",
  too_many_descriptors: "The limit of open files and connections is reached",
  too_many_followers: "A limit of followers is reached",
  unsafe_bind: "Listening beyond this machine needs a token",
  bad_option: "A command-line option or setting is not what it may be",
  bad_checkpoint: "A checkpoint is damaged, or is not of this program",
  bad_store: "The place where batches are to be kept cannot be used",
  unreachable: "The server cannot be reached",
  stopping: "The server is shutting down",
} as const;

/** The name of one failure; see {@link ERROR_CODES}. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** One field at fault: a JSON pointer (RFC 6901) and what is wanted there. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

/** A failure with a code. The message says what cannot be done, what is, and what is wanted. */
export class SluiceError extends Error {
  override readonly name = "SluiceError";
  readonly code: ErrorCode;
  /** The fields at fault, when the failure is about fields. */
  readonly fields: readonly FieldError[];
  /** Seconds after which it may be different, where that is known. */
  readonly retryAfterS: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; fields?: readonly FieldError[]; retryAfterS?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.fields = options.fields ?? [];
    this.retryAfterS = options.retryAfterS;
  }
}

/** The message of anything thrown. */
export function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}

/** All there is to know of anything thrown, for those who mend it. */
export function traceOf(failure: unknown): string {
  return (failure instanceof Error && failure.stack) || messageOf(failure);
}

/** The system's code of a failure, such as `ECONNREFUSED`, or undefined. */
export function systemCodeOf(failure: unknown): string | undefined {
  return failure instanceof Error && "code" in failure && typeof failure.code === "string" ? failure.code : undefined;
}
