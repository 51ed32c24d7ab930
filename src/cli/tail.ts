/** `sluice tail`: follows a session from a shell. @module */

import { sleep, systemClock } from "../clock.ts";
import { PPRINT_RECORDS, pprint } from "../engine/mod.ts";
import { messageOf, SluiceError, systemCodeOf } from "../errors.ts";
import { readEvents, type ServerEvent } from "./event_stream.ts";
import type { Command, Given } from "./options.ts";
import { note, print, safeJson, safeText, stopSignal } from "./terminal.ts";

const RETRY_MS = 2000;
const INTERRUPTED = 130;
const FAILED = 1;

export const tail: Command = {
  usage: "tail URL [options]",
  summary: "Follows a session, such as http://localhost:8080/sessions/s_8f3c2a, until its end; goes on where it was when the connection is lost.",
  options: {
    since: { type: "string", value: "WHERE", help: "now, earliest, -n for the newest n, or a cursor to go on after (default -1)" },
    format: { type: "string", value: "FORM", help: "pprint, most frequent words first, or ndjson, one event a line (default pprint)" },
    top: { type: "string", value: "N", help: `words of a batch (default ${PPRINT_RECORDS} in pprint, 500 in ndjson)` },
    token: { type: "string", value: "TOKEN", help: "bearer token (SLUICE_TOKEN)" },
  },
  positionals: 1,
  run: (given) => Promise.race([follow(new Tail(given)), stopSignal().then(() => INTERRUPTED)]),
};

/** Where we are in whose stream. */
class Tail {
  cursor: string | undefined;
  readonly url: URL;
  readonly token: string | undefined;
  readonly #write: (event: ServerEvent) => void;

  constructor(given: Given) {
    const format = given.text("format") ?? "pprint";
    if (format !== "pprint" && format !== "ndjson") {
      throw new SluiceError("bad_option", `Cannot use --format ${JSON.stringify(format)}: pprint or ndjson is wanted`);
    }
    this.#write = format === "pprint" ? writePprint : writeLine;
    this.token = given.text("token") ?? process.env["SLUICE_TOKEN"];
    this.url = streamUrl(given.positionals[0] ?? "");
    const otherwise = format === "pprint" ? PPRINT_RECORDS : 500;
    const top = given.number("top", { least: 0, most: 1_000_000, otherwise, whole: true });
    this.url.searchParams.set("top", String(top));
    const since = given.text("since");
    if (since?.includes(":") === true) this.cursor = since;
    else if (since !== undefined) this.url.searchParams.set("since", since);
  }

  /** Takes one event; true when it was the last. */
  take(event: ServerEvent): boolean {
    if (event.event === "batch") {
      // After a reconnect the last batch may come again.
      if (event.id === this.cursor) return false;
      this.cursor = event.id;
    }
    this.#write(event);
    return event.event === "end";
  }
}

/** Connects, and connects again, until the end; gives the exit code. */
async function follow(tail: Tail): Promise<number> {
  for (let connectedBefore = false; ; connectedBefore = true) {
    try {
      const response = await open(tail);
      if (response.status === 204 || response.body === null) return 0;
      if (!response.ok) {
        note(`sluice tail: ${safeText(await reasonOf(response))}`);
        if (response.status < 500) return FAILED;
      } else {
        for await (const event of readEvents(response.body)) if (tail.take(event)) return 0;
      }
    } catch (failure) {
      const reason = connectedBefore ? "connection lost" : `Cannot reach ${tail.url.origin}: ${causeOf(failure)}`;
      if (!connectedBefore) throw new SluiceError("unreachable", reason, { cause: failure });
      note(`sluice tail: ${reason}`);
    }
    note(`sluice tail: next try in ${RETRY_MS / 1000} s${tail.cursor === undefined ? "" : `, after ${tail.cursor}`}`);
    await sleep(systemClock, RETRY_MS);
  }
}

function open({ url, cursor, token }: Tail): Promise<Response> {
  const headers: Record<string, string> = { accept: "text/event-stream" };
  if (cursor !== undefined) headers["last-event-id"] = cursor;
  if (token !== undefined && token !== "") headers["authorization"] = `Bearer ${token}`;
  return fetch(url, { headers });
}

function streamUrl(text: string): URL {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    const wanted = "the URL of a session is wanted, such as http://localhost:8080/sessions/s_8f3c2a";
    throw new SluiceError("bad_option", `Cannot follow ${JSON.stringify(text)}: ${wanted}`);
  }
  const url = new URL(text);
  url.pathname = `${url.pathname.replace(/\/(?:sse|ws|text|batches)?\/?$/, "")}/sse`;
  return url;
}

async function reasonOf(response: Response): Promise<string> {
  try {
    const { detail } = (await response.json()) as { detail?: string };
    return detail ?? `HTTP ${response.status}`;
  } catch {
    return `HTTP ${response.status}`;
  }
}

function causeOf(failure: unknown): string {
  const cause = failure instanceof Error ? (failure.cause ?? failure) : failure;
  return systemCodeOf(cause) ?? messageOf(cause);
}

function writeLine({ event, data }: ServerEvent): void {
  if (event !== "head") print(`${safeJson({ type: event, ...(JSON.parse(data) as object) })}\n`);
}

function writePprint({ event, data }: ServerEvent): void {
  const said = JSON.parse(data) as {
    time: string;
    counts: [string, number][];
    more: number;
    from: string;
    to: string;
    status: string;
    reason: string;
  };
  if (event === "batch") print(pprint({ time: Date.parse(said.time), records: said.counts, more: said.more > 0 }));
  else if (event === "gap") note(`gap: batches ${said.from} to ${said.to} are no longer kept`);
  else if (event === "hello" && said.status === "reset") note(`reset: the log is another one (${said.reason}); beginning with ${said.from}`);
  else if (event === "end") note(`end: ${said.reason}`);
}
