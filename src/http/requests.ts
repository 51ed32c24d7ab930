/** Reads what a request asks for, and refuses what cannot be meant. @module */

import type { Context } from "hono";
import type { Clock } from "../clock.ts";
import { messageOf, SluiceError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import {
  begin,
  parseCursor,
  parseSpec,
  parseStop,
  parseTicket,
  type Asked,
  type BatchLog,
  type Beginning,
  type Cursor,
  type SessionSpec,
  type StopSpec,
  type TicketSpec,
} from "../sessions/mod.ts";

/** Longest body taken. */
const MAX_BODY_BYTES = LIMITS.maxBodyBytes.value;
const BODY_WITHIN_MS = LIMITS.maxBodyMs.value;

/** The session asked for; no body at all means the seed's lab. */
export async function readSpec(request: Request, clock: Clock): Promise<SessionSpec> {
  return parseSpec(await readJson(request, clock));
}

/** How a session is to stop; no body at all means gracefully. */
export async function readStop(request: Request, clock: Clock): Promise<StopSpec> {
  return parseStop(await readJson(request, clock));
}

/** What a ticket is to be good for; no body at all means every stream. */
export async function readTicket(request: Request, clock: Clock): Promise<TicketSpec> {
  return parseTicket(await readJson(request, clock));
}

async function readJson(request: Request, clock: Clock): Promise<unknown> {
  const text = await readBody(request, clock);
  if (text === "") return {};
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (type !== "application/json") {
    throw new SluiceError(
      "content_type",
      `Cannot read the body: its Content-Type is ${JSON.stringify(type)}, wanted is application/json`,
    );
  }
  try {
    return JSON.parse(text);
  } catch (failure) {
    throw new SluiceError("bad_json", "Cannot read the body: it is not JSON", { cause: failure });
  }
}

/** The body as text; stops reading at the limit of size or time, whatever the headers say. */
async function readBody(request: Request, clock: Clock): Promise<string> {
  const tooLarge = new SluiceError("body_too_large", `Cannot read the body: it is longer than ${MAX_BODY_BYTES} bytes`);
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) throw tooLarge;
  if (request.body === null) return "";
  const reader = request.body.getReader();
  let failure: SluiceError | undefined;
  const stopReading = async (why: SluiceError): Promise<void> => {
    failure = why;
    // A body that broke meanwhile has told so itself.
    await reader.cancel().catch(() => {});
  };
  const cancelDeadline = clock.after(BODY_WITHIN_MS, () => {
    const wanted = `${BODY_WITHIN_MS / 1000} s are the most`;
    void stopReading(new SluiceError("body_too_slow", `Cannot read the body: it is not whole yet; ${wanted}`));
  });
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  try {
    for (let part = await nextOf(reader); !part.done; part = await nextOf(reader)) {
      length += part.value.length;
      if (length > MAX_BODY_BYTES) await stopReading(tooLarge);
      else text += decoder.decode(part.value, { stream: true });
    }
  } finally {
    cancelDeadline();
  }
  if (failure !== undefined) throw failure;
  return text + decoder.decode();
}

/** The next part of a body. Who breaks off is the one at fault. */
export async function nextOf<T>(reader: ReadableStreamDefaultReader<T>): Promise<ReadableStreamReadResult<T>> {
  try {
    return await reader.read();
  } catch (failure) {
    throw new SluiceError("body_incomplete", `Cannot read the body: ${messageOf(failure)}`, { cause: failure });
  }
}

/** A query parameter that is a whole number, or `otherwise` when it is not there. */
export function wholeParameter(
  c: Context,
  name: string,
  bounds: { least: number; most: number; otherwise: number },
): number {
  const text = c.req.query(name);
  if (text === undefined) return bounds.otherwise;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= bounds.least && value <= bounds.most) return value;
  throw badParameter(c, name, `a whole number from ${bounds.least} to ${bounds.most}`);
}

/** A query parameter that is one of a few words, or undefined when it is not there. */
export function choiceParameter<T extends string>(c: Context, name: string, choices: readonly T[]): T | undefined {
  const text = c.req.query(name);
  if (text === undefined) return undefined;
  const choice = choices.find((each) => each === text);
  if (choice === undefined) throw badParameter(c, name, choices.join(" or "));
  return choice;
}

function badParameter(c: Context, name: string, wanted: string): SluiceError {
  const shown = JSON.stringify((c.req.query(name) ?? "").slice(0, 60));
  return new SluiceError("bad_parameter", `Cannot read the query: ${name} is ${shown}, wanted is ${wanted}`);
}

/** A cursor in a query parameter, or undefined. */
export function cursorParameter(c: Context, name: string): Cursor | undefined {
  const text = c.req.query(name);
  return text === undefined ? undefined : parseCursor(text, name);
}

/** Where to begin to follow: `Last-Event-ID`, `lastEventId`, `after`, or else `since`, in this order; each must be one. */
export function readBeginning(c: Context, log: BatchLog): { beginning: Beginning; asked: Cursor | null } {
  const after = readResume(c, parseCursor);
  const since = readSince(c);
  return { beginning: begin(log, after === undefined ? since : { after }), asked: after ?? null };
}

/** What a client would go on after, or undefined: `Last-Event-ID`, `lastEventId` or `after`, in this order, each of which must be what `parse` reads. */
export function readResume<T>(c: Context, parse: (text: string, name: string) => T): T | undefined {
  const header = c.req.header("last-event-id");
  const given = [
    ["Last-Event-ID", header === "" ? undefined : header],
    ["lastEventId", c.req.query("lastEventId")],
    ["after", c.req.query("after")],
  ] as const;
  const read = given.map(([name, text]) => (text === undefined ? undefined : parse(text, name)));
  return read.find((each) => each !== undefined);
}

/** Where to begin without a cursor, or undefined. */
export function readSince(c: Context): Asked | undefined {
  const text = c.req.query("since");
  if (text === undefined) return undefined;
  const since = parseSince(text);
  if (since === undefined) throw badParameter(c, "since", SINCE);
  return since;
}

/** What `since` may be. */
export const SINCE: string = 'now, earliest, or -n for the newest n, such as "-10"';

/** Reads a `since`; undefined when it is none. */
export function parseSince(text: unknown): Asked | undefined {
  if (text === "now" || text === "earliest") return { since: text };
  return typeof text === "string" && /^-\d{1,9}$/.test(text) ? { since: Number(text.slice(1)) } : undefined;
}
