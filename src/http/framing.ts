/** How each face writes what a follower is told: one object a face, all of them pure. @module */

import { DEFAULT_PARTITIONS, pprint, sparkOrder, sparkPartition } from "../engine/mod.ts";
import { formatCursor, ManyWords, type Batch, type Session } from "../sessions/mod.ts";
import { around, type Pieces } from "./pieces.ts";
import { batchText } from "./wire.ts";

/** What a follower is told. */
export type EventName = "batch" | "hello" | "reset" | "gap" | "state" | "head" | "end" | "error";

/** What followers are connected by. */
export const TRANSPORTS = ["sse", "websocket", "text"] as const;

/** What is said with a batch. */
interface Extra {
  /** How many were left out before it. */
  readonly skipped: number;
  /** Whose it is, where there are several. */
  readonly session?: string;
}

/** Writes events and batches for one face. A face that has no way to say an event says nothing. */
export interface Framing {
  /** Its place among {@link TRANSPORTS}. */
  readonly transport: number;
  event(name: EventName, data: object): string | undefined;
  /** In pieces where it is long. */
  batch(batch: Batch, top: number, extra: Extra): string | Pieces;
}

/** Server-Sent Events (WHATWG HTML 9.2): a batch's cursor is its event's id. */
export const sseFraming: Framing = {
  transport: 0,
  event: (name, data) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`,
  batch(batch, top, { skipped, session }) {
    const id = session === undefined ? `id: ${formatCursor(batch.epoch, batch.seq)}\n` : "";
    const text = batchText(batch, top, { before: ofSessionJson(session), skipped });
    return around(`${id}event: batch\ndata: `, text, "\n\n");
  },
};

/** WebSocket, subprotocol `sluice.v1.json`: one object a message, with a `type`. */
export const webSocketFraming: Framing = {
  transport: 1,
  event: (name, data) => JSON.stringify({ type: name, ...data }),
  batch: (batch, top, { skipped, session }) =>
    batchText(batch, top, { before: `"type":"batch",${ofSessionJson(session)}`, skipped }),
};

function ofSessionJson(session: string | undefined): string {
  return session === undefined ? "" : `"session":"${session}",`;
}

/** Spark's `pprint`. A gap, a reset or what was skipped, which Spark does not know, is a line that cannot be taken for a record. */
export const textFraming: Framing = {
  transport: 2,
  event(name, data) {
    if (name === "gap") return `# gap: no longer kept: ${JSON.stringify(data)}\n\n`;
    return name === "reset" ? `# reset: this is another log: ${JSON.stringify(data)}\n\n` : undefined;
  },
  batch: (batch, top, { skipped }) =>
    around(skipped === 0 ? "" : `# skipped: ${skipped} batches\n\n`, pprintBatch(batch, top), ""),
};

/** Words looked at, or records written, in one step. */
const STEP_WORDS = 256;
const encoder = new TextEncoder();

/** A batch in Spark's text form and order, its first `num` records. */
function pprintBatch({ time, counts }: Pick<Batch, "time" | "counts">, num: number): string | Pieces {
  if (counts instanceof ManyWords) return pprintMany(time, counts, num);
  const words = Array.from({ length: counts.size }, (_, place) => counts.at(place)[0]);
  const places = sparkOrder(words).slice(0, num);
  return pprint({ time, records: places.map((place) => counts.at(place)), more: counts.size > num });
}

/** The same of many words, of which no more are looked at than it takes to find the first `num` of Spark's order. */
function* pprintMany(time: number, counts: ManyWords, num: number): Pieces {
  const partitions: number[][] = Array.from({ length: DEFAULT_PARTITIONS }, () => []);
  const [first = []] = partitions;
  for (let place = 0; place < counts.size && first.length < num; place++) {
    const partition = partitions[sparkPartition(counts.at(place)[0])];
    if (partition !== undefined && partition.length < num) partition.push(place);
    if (place % STEP_WORDS === 0) yield new Uint8Array(0);
  }
  const places = partitions.flat().slice(0, num);
  // What stands before the records: all but the empty line.
  const head = pprint({ time, records: [], more: false }).slice(0, -1);
  yield encoder.encode(head);
  for (let i = 0; i < places.length; i += STEP_WORDS) {
    const records = places.slice(i, i + STEP_WORDS).map((place) => counts.at(place));
    yield encoder.encode(pprint({ time, records, more: false }).slice(head.length, -1));
  }
  yield encoder.encode(counts.size > num ? "...\n\n" : "\n");
}

const ofSessions = new WeakMap<Framing, WeakMap<Session, Framing>>();

/** The framing of one among several sessions: each object says whose it is, and no batch has an id of its own. Always the same, so that its bytes are shared. */
export function ofSession(framing: Framing, session: Session): Framing {
  const known = ofSessions.get(framing) ?? new WeakMap<Session, Framing>();
  ofSessions.set(framing, known);
  const own = known.get(session) ?? {
    transport: framing.transport,
    event: (name, data) => framing.event(name, { session: session.id, ...data }),
    batch: (batch, top, extra) => framing.batch(batch, top, { ...extra, session: session.id }),
  };
  known.set(session, own);
  return own;
}
