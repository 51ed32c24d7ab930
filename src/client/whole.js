/** A batch with all its words, where a push had only the most frequent. @module */

import { FollowError, messageOf } from "./errors.js";
import { readProblem, typed } from "./fetch_stream.js";
import { authorization, readRequest } from "./request.js";

/**
 * Fetches a batch from its own URL; see `mod.d.ts`.
 * @param {typeof fetch} get
 * @param {string | URL} url
 * @param {{ cursor: string, token?: string | undefined, signal?: AbortSignal | undefined }} options
 * @returns {Promise<import("./events.ts").BatchEvent | undefined>}
 */
export async function fetchBatchBy(get, url, { cursor, token, signal }) {
  const request = readRequest(url, { after: cursor, token });
  const { session } = request;
  session.pathname += `/batches/${cursor}`;
  const response = await get(session, { headers: authorization(request), ...(signal && { signal }) });
  const { ok, status } = response;
  if (ok) return readBatch(await response.text());
  const problem = await readProblem(response);
  if (status === 404) return undefined;
  throw new FollowError(problem?.detail ?? `Cannot fetch ${cursor}: the answer is HTTP ${status}`, { status, problem });
}

/**
 * @param {string} json
 * @returns {import("./events.ts").BatchEvent}
 */
function readBatch(json) {
  try {
    return /** @type {import("./events.ts").BatchEvent} */ (typed("batch", json));
  } catch (failure) {
    // Of a stream that is a connection to be made again; here it is no answer.
    throw failure instanceof FollowError ? failure : new FollowError(messageOf(failure));
  }
}
