/** `sluice tail`: follows a session from a shell. @module */

import { sleep, systemClock } from "../clock.ts";
import { messageOf, SluiceError, systemCodeOf } from "../errors.ts";
import { readEvents, type ServerEvent } from "./event_stream.ts";
import type { Command, Given } from "./options.ts";
import { formOf, FORMS, type Form } from "./tail_forms.ts";
import { endWhenNobodyReads, note, safeText, stopSignal } from "./terminal.ts";

const RETRY_MS = 2000;
const INTERRUPTED = 130;
const FAILED = 1;

export const tail: Command = {
  usage: "tail URL [options]",
  summary:
    "Follows a session, such as http://localhost:8080/sessions/s_8f3c2a, until its end, and goes on where it was when the connection is lost.",
  options: {
    since: {
      type: "string",
      value: "WHERE",
      help: "now, earliest, -n for the newest n, or a cursor to go on after (default -1)",
    },
    format: {
      type: "string",
      value: "FORM",
      help: "pprint, most frequent words first, or ndjson, one event a line (default pprint)",
    },
    top: {
      type: "string",
      value: "N",
      help: `words of a batch (default ${FORMS.pprint.top} in pprint, ${FORMS.ndjson.top} in ndjson)`,
    },
    token: { type: "string", value: "TOKEN", help: "bearer token (SLUICE_TOKEN)" },
  },
  positionals: 1,
  run(given) {
    endWhenNobodyReads();
    return Promise.race([followToTheEnd(new Place(given)), stopSignal().then(() => INTERRUPTED)]);
  },
};

/** Where we are in whose stream. */
class Place {
  cursor: string | undefined;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly #form: Form;

  constructor(given: Given) {
    this.#form = formOf(given.text("format") ?? "pprint");
    this.url = streamUrl(given.positionals[0] ?? "");
    const top = given.number("top", { least: 0, most: 1_000_000, otherwise: this.#form.top, whole: true });
    this.url.searchParams.set("top", String(top));
    const since = given.text("since") ?? "-1";
    if (since.includes(":")) this.cursor = since;
    else this.url.searchParams.set("since", since);
    const token = given.text("token") ?? process.env["SLUICE_TOKEN"] ?? "";
    this.headers = { accept: "text/event-stream", ...(token !== "" && { authorization: `Bearer ${token}` }) };
  }

  open(): Promise<Response> {
    const resume = this.cursor === undefined ? {} : { "last-event-id": this.cursor };
    return fetch(this.url, { headers: { ...this.headers, ...resume } });
  }

  /** Takes one event; true when it was the last. After a reconnect a batch may come again: it is not written again. */
  take(event: ServerEvent): boolean {
    const isBatch = event.event === "batch";
    if (!isBatch || event.id !== this.cursor) this.#form.write(event);
    if (isBatch) this.cursor = event.id;
    return event.event === "end";
  }
}

/** Connects, and connects again, until the end; gives the exit code. */
async function followToTheEnd(place: Place): Promise<number> {
  let code: number | undefined;
  for (let first = true; code === undefined; first = false) {
    if (!first) {
      note(
        `sluice tail: next try in ${RETRY_MS / 1000} s${place.cursor === undefined ? "" : `, after ${place.cursor}`}`,
      );
      await sleep(systemClock, RETRY_MS);
    }
    code = await followOnce(place, first);
  }
  return code;
}

/** Follows one connection; undefined when it was lost and another may do better. */
async function followOnce(place: Place, first: boolean): Promise<number | undefined> {
  let response: Response;
  try {
    response = await place.open();
  } catch (failure) {
    const message = `Cannot reach ${place.url.origin}: ${causeOf(failure)}`;
    if (first) throw new SluiceError("unreachable", message, { cause: failure });
    note(`sluice tail: ${message}`);
    return undefined;
  }
  if (response.ok && response.body !== null) return (await readAll(place, response.body)) ? 0 : undefined;
  if (response.ok) return 0;
  note(`sluice tail: ${safeText(await reasonOf(response))}`);
  return response.status >= 500 ? undefined : FAILED;
}

/** Whether the end was reached. */
async function readAll(place: Place, body: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<boolean> {
  try {
    for await (const event of readEvents(body)) if (place.take(event)) return true;
    note("sluice tail: the server closed the connection");
  } catch (failure) {
    note(`sluice tail: the connection was lost: ${causeOf(failure)}`);
  }
  return false;
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
