/** History: pages of batches and single ones. @module */

import type { Context } from "hono";
import { PPRINT_RECORDS } from "../engine/mod.ts";
import { SluiceError } from "../errors.ts";
import {
  begin,
  formatCursor,
  parseCursor,
  type Batch,
  type BatchLog,
  type Cursor,
  type Session,
} from "../sessions/mod.ts";
import { BATCH_TYPES, batchesBody } from "./batches_body.ts";
import { json } from "./json.ts";
import { batchFormOf } from "./media_type.ts";
import { choiceParameter, cursorParameter, wholeParameter } from "./requests.ts";
import { around, bodyOf, type Pieces } from "./pieces.ts";
import { batchText, DEFAULT_TOP } from "./wire.ts";

const MAX_PAGE = 1000;
const DEFAULT_PAGE = 100;
const ALL_WORDS = 100_000_000;
const MAX_WORDS_PAGE = 10_000;
const DEFAULT_WORDS_PAGE = 1000;
const IMMUTABLE = "private, max-age=31536000, immutable";

/** Which batches a page holds. */
interface Page {
  readonly batches: readonly Batch[];
  /** Batches further on in the same direction are kept. */
  readonly hasMore: boolean;
  readonly status: "continuous" | "gap" | "reset";
}

/** `GET …/batches`: a page as JSON, as one batch a line, as Spark prints it, or as rows of words. */
export function listBatches(c: Context, session: Session): Response {
  const form = batchFormOf(c);
  const page = pageOf(c, session.log);
  const top = topOf(c, form === "text" ? PPRINT_RECORDS : DEFAULT_TOP);
  const links = neighbours(c, session.log, page);
  const link = Object.entries(links).flatMap(([rel, url]) => (url === null ? [] : [`<${url}>; rel="${rel}"`]));
  const { batches, status, hasMore } = page;
  const rest = { ...links, hasMore, status, epoch: session.log.epoch };
  return answer(c, batchesBody(batches, { form, top, rest }), {
    "content-type": BATCH_TYPES[form],
    "cache-control": "no-store",
    vary: "accept",
    ...(link.length > 0 && { link: link.join(", ") }),
  });
}

function answer(c: Context, body: string | Pieces, headers: Record<string, string>): Response {
  return c.body(typeof body === "string" ? body : bodyOf(body), 200, headers);
}

function topOf(c: Context, otherwise: number): number {
  return wholeParameter(c, "top", { least: 0, most: ALL_WORDS, otherwise });
}

/** The URLs of the pages after and before this one, in its own direction; null where there is none. */
function neighbours(
  c: Context,
  log: BatchLog,
  { batches, hasMore }: Page,
): { next: string | null; prev: string | null } {
  const [first] = batches;
  const last = batches.at(-1);
  if (first === undefined || last === undefined) return { next: null, prev: null };
  const ascending = isAscending(c);
  const [onward, backward] = ascending ? (["after", "before"] as const) : (["before", "after"] as const);
  const isFirst = first.seq === (ascending ? log.tail : log.head);
  return {
    next: hasMore ? pageLink(c, { [onward]: cursorOf(last) }) : null,
    prev: isFirst ? null : pageLink(c, { [backward]: cursorOf(first), [onward]: undefined }),
  };
}

function isAscending(c: Context): boolean {
  return choiceParameter(c, "order", ["asc", "desc"]) !== "desc";
}

/** `GET …/batches/{seq}`: a closed batch with all its words, which never changes; or `latest`. */
export function oneBatch(c: Context, session: Session): Response {
  const asked = c.req.param("seq") ?? "";
  const top = topOf(c, ALL_WORDS);
  const batch = asked === "latest" ? latestOf(session.log) : batchAt(session.log, parseCursor(asked, "the batch"));
  const etag = top === ALL_WORDS ? `"${batch.hash}"` : `"${batch.hash}-${top}"`;
  const cacheControl = asked === "latest" ? "no-store" : IMMUTABLE;
  const headers = { etag, "cache-control": cacheControl };
  const known = c.req.header("if-none-match");
  if (known !== undefined && matches(known, etag)) return c.body(null, 304, headers);
  return answer(c, around("", batchText(batch, top), "\n"), { "content-type": "application/json", ...headers });
}

/** `GET …/batches/{seq}/words`: a page of a batch's words, the most frequent first; a closed batch's never change. */
export function wordsOfBatch(c: Context, session: Session): Response {
  const { epoch, seq, counts, hash } = batchAt(session.log, parseCursor(c.req.param("seq") ?? "", "the batch"));
  const limit = wholeParameter(c, "limit", { least: 1, most: MAX_WORDS_PAGE, otherwise: DEFAULT_WORDS_PAGE });
  const offset = wholeParameter(c, "offset", { least: 0, most: ALL_WORDS, otherwise: 0 });
  const end = offset + limit;
  const next = end < counts.size ? pageLink(c, { offset: String(end) }) : null;
  const headers = {
    etag: `"${hash}-${offset}-${limit}"`,
    "cache-control": IMMUTABLE,
    ...(next !== null && { link: `<${next}>; rel="next"` }),
  };
  const cursor = formatCursor(epoch, seq);
  return json(c, { cursor, distinct: counts.size, offset, words: counts.top(end, offset), next }, { headers });
}

/** `GET …/batches/{seq}/lines`: what a batch was counted from, `null` where it is not kept. */
export function linesOfBatch(c: Context, session: Session): Response {
  const { epoch, seq } = batchAt(session.log, parseCursor(c.req.param("seq") ?? "", "the batch"));
  const headers = { "cache-control": "no-store" };
  return json(c, { cursor: formatCursor(epoch, seq), lines: session.linesOf(seq) }, { headers });
}

function latestOf(log: BatchLog): Batch {
  const batch = log.read(log.head);
  if (batch === undefined) throw new SluiceError("no_such_batch", "Cannot find the latest batch: there is none yet");
  return batch;
}

function batchAt(log: BatchLog, { epoch, seq }: Cursor): Batch {
  const batch = isOfOther(log, { epoch, seq }) ? undefined : log.read(seq);
  if (batch !== undefined) return batch;
  const kept =
    log.tail > log.head
      ? "there is none yet"
      : `kept are ${formatCursor(log.epoch, log.tail)} to ${formatCursor(log.epoch, log.head)}`;
  throw new SluiceError("no_such_batch", `Cannot find batch ${formatCursor(epoch ?? log.epoch, seq)}: ${kept}`);
}

function matches(known: string, etag: string): boolean {
  return known.trim() === "*" || known.split(",").some((each) => each.trim().replace(/^W\//, "") === etag);
}

function pageOf(c: Context, log: BatchLog): Page {
  const limit = wholeParameter(c, "limit", { least: 0, most: MAX_PAGE, otherwise: DEFAULT_PAGE });
  const after = cursorParameter(c, "after");
  const before = cursorParameter(c, "before");
  const { status, next } = begin(log, after === undefined ? { since: "earliest" } : { after });
  const to = before === undefined || isOfOther(log, before) ? log.head : Math.min(log.head, before.seq - 1);
  return { ...slice(c, log, { from: Math.max(log.tail, next), to, limit }), status };
}

function isOfOther(log: BatchLog, { epoch }: Cursor): boolean {
  return epoch !== null && epoch !== log.epoch;
}

function slice(
  c: Context,
  log: BatchLog,
  { from, to, limit }: { from: number; to: number; limit: number },
): Omit<Page, "status"> {
  const ascending = isAscending(c);
  const count = Math.max(0, Math.min(limit, to - from + 1));
  const seqs = Array.from({ length: count }, (_, i) => (ascending ? from + i : to - i));
  const batches = seqs.map((seq) => log.read(seq)).filter((batch): batch is Batch => batch !== undefined);
  return { batches, hasMore: to - from + 1 > count };
}

function cursorOf(batch: Batch): string {
  return formatCursor(batch.epoch, batch.seq);
}

/** The page's own URL with some parameters set, or taken out where undefined. */
function pageLink(c: Context, changed: Readonly<Record<string, string | undefined>>): string {
  const url = new URL(c.req.url);
  for (const [name, value] of Object.entries(changed)) {
    if (value === undefined) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return `${url.pathname}${url.search.replaceAll("%3A", ":")}`;
}
