/** How each face writes what a follower is told: one object a face, all of them pure. @module */

import { pprint, sparkOrder } from "../engine/mod.ts";
import { formatCursor, type Batch } from "../sessions/mod.ts";
import { batchJson } from "./wire.ts";

/** What a follower is told besides batches. */
export type EventName = "hello" | "gap" | "state" | "head" | "end" | "error";

/** Writes events and batches for one face. A face that has no way to say an event says nothing. */
export interface Framing {
  event(name: EventName, data: object): string | undefined;
  batch(batch: Batch, top: number): string;
}

/** Server-Sent Events (WHATWG HTML 9.2): a batch's cursor is its event's id. */
export const sseFraming: Framing = {
  event: (name, data) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`,
  batch: (batch, top) =>
    `id: ${formatCursor(batch.epoch, batch.seq)}\nevent: batch\ndata: ${JSON.stringify(batchJson(batch, top))}\n\n`,
};

/** WebSocket, subprotocol `sluice.v1.json`: one object a message, with a `type`. */
export const webSocketFraming: Framing = {
  event: (name, data) => JSON.stringify({ type: name, ...data }),
  batch: (batch, top) => JSON.stringify({ type: "batch", ...batchJson(batch, top) }),
};

/** Spark's `pprint`. A gap, which Spark does not know, is a line that cannot be taken for a record. */
export const textFraming: Framing = {
  event: (name, data) => (name === "gap" ? `# gap: no longer kept: ${JSON.stringify(data)}\n\n` : undefined),
  batch: (batch, top) => pprintBatch(batch, top),
};

/** A batch in Spark's text form and order, its first `num` records. */
function pprintBatch({ time, counts }: Pick<Batch, "time" | "counts">, num: number): string {
  const words = Array.from({ length: counts.size }, (_, place) => counts.at(place)[0]);
  const places = sparkOrder(words).slice(0, num);
  return pprint({ time, records: places.map((place) => counts.at(place)), more: counts.size > num });
}
