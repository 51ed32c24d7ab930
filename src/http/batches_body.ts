/** A page of history: as JSON, as one batch a line, as Spark prints it, or as rows of words; in pieces where it has many words. @module */

import type { Batch } from "../sessions/mod.ts";
import { textFraming } from "./framing.ts";
import { CSV_HEADER, csvOf } from "./csv.ts";
import type { BatchForm } from "./media_type.ts";
import { around, type Pieces } from "./pieces.ts";
import { batchText, LONG_WORDS } from "./wire.ts";

const encoder = new TextEncoder();

/** The media type of each form. */
export const BATCH_TYPES: Readonly<Record<BatchForm, string>> = {
  json: "application/json",
  lines: "application/x-ndjson",
  text: "text/plain; charset=utf-8",
  csv: "text/csv; charset=utf-8; header=present",
};

/** How a page is written; `rest`: what it tells besides its batches, in JSON only. */
interface PageForm {
  readonly form: BatchForm;
  readonly top: number;
  readonly rest: object;
}

/** The body of a page. */
export function batchesBody(batches: readonly Batch[], { form, top, rest }: PageForm): string | Pieces {
  if (form === "text") return joined(batches, (batch) => textFraming.batch(batch, top, { skipped: 0 }), "");
  if (form === "csv")
    return around(
      CSV_HEADER,
      joined(batches, (batch) => csvOf(batch, top), ""),
      "",
    );
  const write = (batch: Batch): string | Pieces => batchText(batch, top);
  if (form === "lines") return around("", joined(batches, write, "\n"), batches.length === 0 ? "" : "\n");
  return around('{"items":[', joined(batches, write, ","), `],${JSON.stringify(rest).slice(1)}\n`);
}

/** Batches with something in between: a text, unless one of them is long or they have many words together. */
function joined(batches: readonly Batch[], write: (batch: Batch) => string | Pieces, between: string): string | Pieces {
  const words = batches.reduce((sum, { counts }) => sum + counts.size, 0);
  if (words > LONG_WORDS) return longJoined(batches, write, encoder.encode(between));
  return batches.map((batch) => write(batch) as string).join(between);
}

function* longJoined(
  batches: readonly Batch[],
  write: (batch: Batch) => string | Pieces,
  between: Uint8Array<ArrayBuffer>,
): Pieces {
  for (const [i, batch] of batches.entries()) {
    if (i > 0) yield between;
    const text = write(batch);
    if (typeof text === "string") yield encoder.encode(text);
    else yield* text;
  }
}
