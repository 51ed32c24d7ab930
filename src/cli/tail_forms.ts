/** How `sluice tail` writes what it is told. @module */

import { PPRINT_RECORDS, pprint } from "../engine/mod.ts";
import { SluiceError } from "../errors.ts";
import type { StreamEvent } from "../client/mod.js";
import { safeJson, safeText } from "../safe_text.ts";
import { note, print } from "./terminal.ts";

/** A form of output, and how many words of a batch it shows by default. */
export interface Form {
  readonly top: number;
  write(event: StreamEvent): void;
}

export const FORMS: Readonly<Record<"pprint" | "ndjson", Form>> = {
  pprint: { top: PPRINT_RECORDS, write: writePprint },
  ndjson: { top: 500, write: writeLine },
};

/** The form of that name. */
export function formOf(name: string): Form {
  if (name === "pprint" || name === "ndjson") return FORMS[name];
  throw new SluiceError("bad_option", `Cannot use --format ${JSON.stringify(name)}: pprint or ndjson is wanted`);
}

/** The objects of the WebSocket, one a line; signs of life are no news. */
function writeLine(event: StreamEvent): void {
  if (event.type !== "head") print(`${safeJson(event)}\n`);
}

function writePprint(event: StreamEvent): void {
  switch (event.type) {
    case "batch":
      print(pprint({ time: Date.parse(event.time), records: event.counts, more: event.more > 0 }));
      return;
    case "gap":
      note(`gap: batches ${event.from} to ${event.to} are no longer kept`);
      return;
    case "reset":
      note(`reset: this is another log (${event.reason}); beginning with ${event.from}`);
      return;
    case "violation":
      note(`violation: ${event.invariant}: ${safeText(event.message)}`);
      return;
    case "problem":
      note(`problem: ${safeText(event.problem.detail)}`);
      return;
    case "end":
      note(`end: ${event.reason}`);
      return;
    case "hello":
    case "state":
    case "head":
  }
}
