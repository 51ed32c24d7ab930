/** `POST …/lines`: lines for a session, as a body of any length. @module */

import type { Context } from "hono";
import { atMost, type Clock } from "../clock.ts";
import { SluiceError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { formatCursor, type Feed, type Session } from "../sessions/mod.ts";
import { json } from "./json.ts";
import { JsonLines } from "./json_lines.ts";
import { nextOf } from "./requests.ts";
import { exchangeOf } from "./streaming.ts";

/** So much is taken before others get their turn. */
const PIECE_BYTES = 64 * 1024;
const JSON_TYPES = new Set(["application/x-ndjson", "application/jsonl"]);
/** Of the parameters of a media type, what does not say that it is something else. */
const UTF8 = /^(?!charset=)|^charset="?(?:utf-8|us-ascii)"?$/;
const TYPES = "text/plain, or application/x-ndjson";

/** To whom lines are brought. */
export interface Pushed {
  readonly session: Session;
  readonly clock: Clock;
  readonly runtime: Pick<Runtime, "upgrade" | "unhurried">;
  /** How long nothing may come of a body, in ms. */
  readonly maxIdleMs: number;
}

/**
 * Reads a body into the session as fast as it takes it. Who brings more waits in TCP. What is answered has been counted, in a
 * batch that is not in the log yet: `batch` names the one that has the last of it.
 */
export async function pushLines(c: Context, pushed: Pushed): Promise<Response> {
  const isJson = isJsonBody(c.req.raw);
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  const cancel = (): void => void reader?.cancel().catch(() => {});
  const feed = pushed.session.intake.open(cancel);
  try {
    pushed.runtime.unhurried?.(exchangeOf(c));
    reader = c.req.raw.body?.getReader();
    const body = { reader, feed };
    await (isJson ? readJson(body, pushed) : readText(body, pushed));
    feed.end();
  } catch (failure) {
    feed.abandon();
    cancel();
    throw withTaken(failure, feed);
  }
  return json(c, receiptOf(feed, pushed.session));
}

/** What has been taken of a producer. */
export function receiptOf({ lines, bytes }: Feed, { log, nextSeq }: Session): object {
  return { lines, bytes, batch: lines === 0 ? null : formatCursor(log.epoch, nextSeq) };
}

interface Body {
  /** Undefined: there is none. */
  readonly reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  readonly feed: Feed;
}

async function readText(body: Body, pushed: Pushed): Promise<void> {
  for (let part = await next(body, pushed); part !== undefined; part = await next(body, pushed)) {
    for (let at = 0; at < part.length; at += PIECE_BYTES) {
      await body.feed.write(part.subarray(at, at + PIECE_BYTES));
    }
  }
}

async function readJson(body: Body, pushed: Pushed): Promise<void> {
  const values = new JsonLines();
  let room: Promise<void> | undefined;
  const take = (lines: Uint8Array): void => {
    room = body.feed.write(lines);
  };
  for (let part = await next(body, pushed); part !== undefined; part = await next(body, pushed)) {
    for (let at = 0; at < part.length; at += PIECE_BYTES) {
      values.read(part.subarray(at, at + PIECE_BYTES), take);
      await room;
    }
  }
  values.end(take);
}

/** The next bytes; undefined at the end. Throws when the body breaks off, or nothing comes, or nothing is taken any more. */
async function next({ reader, feed }: Body, { clock, maxIdleMs }: Pushed): Promise<Uint8Array | undefined> {
  if (reader === undefined) return undefined;
  const part = await atMost(clock, maxIdleMs, nextOf(reader));
  if (feed.isOver) throw new SluiceError("session_over", "Cannot take more lines: the session is over, or about to be");
  if (part === undefined) {
    throw new SluiceError("body_incomplete", `Cannot read the body: nothing came of it for ${maxIdleMs / 1000} s`);
  }
  return part.value;
}

/** The same failure, that says what was taken before it. */
function withTaken(failure: unknown, { lines, bytes }: Feed): unknown {
  if (!(failure instanceof SluiceError)) return failure;
  const message = `${failure.message}; ${lines} lines, ${bytes} bytes have been taken`;
  return new SluiceError(failure.code, message, { cause: failure.cause });
}

/** Whether each line is JSON; else it is what it is. */
function isJsonBody({ headers }: Request): boolean {
  const [type = "", ...parameters] = (headers.get("content-type") ?? "")
    .toLowerCase()
    .split(";")
    .map((part) => part.trim());
  const encoding = headers.get("content-encoding") ?? "identity";
  const isPlain = encoding === "identity" && parameters.every((each) => UTF8.test(each));
  if (isPlain && JSON_TYPES.has(type)) return true;
  // Without a type it is somebody's tool that sends a file as it is.
  if (isPlain && ["", "text/plain"].includes(type)) return false;
  const shown = JSON.stringify(`${headers.get("content-type") ?? ""}, ${encoding}`.slice(0, 60));
  const message = `Cannot read the body: it is ${shown}; wanted is ${TYPES}, in UTF-8 and not compressed`;
  throw new SluiceError("content_type", message);
}
