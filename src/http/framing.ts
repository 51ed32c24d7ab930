/** How each face writes what a follower is told: one object a face, all of them pure. @module */

import { pprint, sparkOrder } from "../engine/mod.ts";
import { formatCursor, type Batch, type Session } from "../sessions/mod.ts";
import { batchJson } from "./wire.ts";

/** What a follower is told. */
export type EventName = "batch" | "hello" | "reset" | "gap" | "state" | "head" | "end" | "error";

/** Writes events and batches for one face. A face that has no way to say an event says nothing. */
export interface Framing {
  event(name: EventName, data: object): string | undefined;
  /** The same of an object that is JSON already, and not empty. */
  json(name: EventName, json: string): string;
  /** `skipped`: batches left out before it. */
  batch(batch: Batch, top: number, skipped: number): string;
}

/** Server-Sent Events (WHATWG HTML 9.2): a batch's cursor is its event's id. */
export const sseFraming: Framing = {
  event: (name, data) => sseFraming.json(name, JSON.stringify(data)),
  json: (name, json) => `event: ${name}\ndata: ${json}\n\n`,
  batch: (batch, top, skipped) =>
    `id: ${formatCursor(batch.epoch, batch.seq)}\n${sseFraming.json("batch", told(batch, top, skipped))}`,
};

/** WebSocket, subprotocol `sluice.v1.json`: one object a message, with a `type`. */
export const webSocketFraming: Framing = {
  event: (name, data) => JSON.stringify({ type: name, ...data }),
  json: (name, json) => `{"type":"${name}",${json.slice(1)}`,
  batch: (batch, top, skipped) => webSocketFraming.json("batch", told(batch, top, skipped)),
};

/** A batch as it is told, with how many were left out before it. */
function told(batch: Batch, top: number, skipped: number): string {
  const json = batchJson(batch, top);
  return skipped === 0 ? json : `${json.slice(0, -1)},"skipped":${skipped}}`;
}

/** Spark's `pprint`. A gap, a reset or what was skipped, which Spark does not know, is a line that cannot be taken for a record. */
export const textFraming: Framing = {
  event(name, data) {
    if (name === "gap") return `# gap: no longer kept: ${JSON.stringify(data)}\n\n`;
    return name === "reset" ? `# reset: this is another log: ${JSON.stringify(data)}\n\n` : undefined;
  },
  json: () => "",
  batch: (batch, top, skipped) =>
    `${skipped === 0 ? "" : `# skipped: ${skipped} batches\n\n`}${pprintBatch(batch, top)}`,
};

/** A batch in Spark's text form and order, its first `num` records. */
function pprintBatch({ time, counts }: Pick<Batch, "time" | "counts">, num: number): string {
  const places = sparkOrder(counts.words).slice(0, num);
  return pprint({ time, records: places.map((place) => counts.at(place)), more: counts.size > num });
}

const ofSessions = new WeakMap<Framing, WeakMap<Session, Framing>>();

/** The framing of one among several sessions: each object says whose it is, and no batch has an id of its own. Always the same, so that its bytes are shared. */
export function ofSession(framing: Framing, session: Session): Framing {
  const known = ofSessions.get(framing) ?? new WeakMap<Session, Framing>();
  ofSessions.set(framing, known);
  const own = known.get(session) ?? {
    event: (name, data) => framing.event(name, { session: session.id, ...data }),
    batch: (batch, top, skipped) =>
      framing.json("batch", `{"session":"${session.id}",${told(batch, top, skipped).slice(1)}`),
    json: (name, json) => framing.json(name, json),
  };
  known.set(session, own);
  return own;
}
