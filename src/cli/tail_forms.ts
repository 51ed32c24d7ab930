/** How `sluice tail` writes what it is told. @module */

import { PPRINT_RECORDS, pprint } from "../engine/mod.ts";
import { SluiceError } from "../errors.ts";
import type { ServerEvent } from "./event_stream.ts";
import { note, print, safeJson } from "./terminal.ts";

/** A form of output, and how many words of a batch it shows by default. */
export interface Form {
  readonly top: number;
  write(event: ServerEvent): void;
}

/** What events carry, as far as it is shown. */
interface Said {
  readonly time: string;
  readonly counts: readonly (readonly [string, number])[];
  readonly more: number;
  readonly from: string;
  readonly to: string;
  readonly status: string;
  readonly reason: string;
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
function writeLine({ event, data }: ServerEvent): void {
  if (event !== "head") print(`${safeJson({ type: event, ...(JSON.parse(data) as object) })}\n`);
}

function writePprint({ event, data }: ServerEvent): void {
  const said = JSON.parse(data) as Said;
  if (event === "batch") print(pprint({ time: Date.parse(said.time), records: said.counts, more: said.more > 0 }));
  else if (event === "gap") note(`gap: batches ${said.from} to ${said.to} are no longer kept`);
  else if (event === "end") note(`end: ${said.reason}`);
  else if (event === "hello" && said.status === "reset") {
    note(`reset: this is another log (${said.reason}); beginning with ${said.from}`);
  }
}
