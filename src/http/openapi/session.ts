/** What is told of a session and of the service. @module */

import { LIMITS } from "../../limits.ts";
import { STATES } from "../../sessions/mod.ts";
import { amount, ms, object, orNull, ref, text, time, yesOrNo, type Schema } from "./schema.ts";

const stateList = Object.entries(STATES).map(([state, meaning]) => `\`${state}\`: ${meaning}`);

const source = object(
  "The source, with what there is to know of its kind.",
  {
    type: { enum: ["emitter", "socket", "listen", "push"], description: "Its kind." },
    connected: yesOrNo("It is being read."),
    finished: yesOrNo("It has said all it had to say."),
    lastError: orNull(text("The last trouble, in words, while there is trouble.")),
    host: text("Where it is read from, or listens."),
    port: amount("The port; an emitter's can be read by others as well."),
    file: text("Emitter: the file of its messages."),
    lines: amount("Emitter: how many messages it was given in place of a file."),
    intervalMs: amount("Emitter: ms between two lines."),
    seed: amount("Emitter: the seed of its lines."),
    maxLines: orNull(amount("Emitter: it ends after so many lines.")),
    clients: amount("Emitter: how many read it."),
    sent: object("Emitter: what it has said.", { lines: amount("Lines."), bytes: amount("Bytes.") }),
    reconnects: amount("Socket: connections after the first."),
    producers: amount("Listen and push: how many bring lines."),
    accepted: amount("Listen and push: how many have come."),
    refused: amount("Listen: how many came when there was no room."),
    backpressure: object("Not of an emitter: how long TCP held the sender.", {
      behindMs: ms("Since the start, in ms."),
      share: { type: "number", minimum: 0, description: "Of the last 5 to 10 s." },
    }),
  },
  [
    "host",
    "port",
    "file",
    "lines",
    "intervalMs",
    "seed",
    "maxLines",
    "clients",
    "sent",
    "reconnects",
    "producers",
    "accepted",
    "refused",
    "backpressure",
  ],
);

const links = object("Where the rest is.", {
  self: text("This."),
  batches: text("Its history."),
  latest: text("Its newest batch."),
  sse: text("Its events."),
  ws: text("The same over WebSocket."),
  text: text("The same as Spark prints it."),
  stop: text("POST stops it."),
});

const latest = object("The newest batch in short.", {
  time: time("Batch time."),
  intervalMs: ms("Its length in ms."),
  lines: amount("Lines."),
  words: amount("Words."),
  delays: ref("Delays"),
});

/** The schemas by name. */
export const sessionSchemas: Readonly<Record<string, Schema>> = {
  SessionState: { enum: Object.keys(STATES), description: stateList.join(" ") },
  Source: source,
  EndReason: {
    enum: ["stopped", "finished", "duration", "deleted", "shutdown", "failed"],
    description: "Why a session is over.",
  },
  Session: object("A session as it is.", {
    id: text("Its id."),
    name: orNull(text("The name it was given.")),
    state: ref("SessionState"),
    lastError: orNull(text("Why it is degraded or failed.")),
    epoch: text("Name of its log."),
    source: ref("Source"),
    pipeline: object("What is done with lines.", { separator: text("What stands between words.") }),
    batchIntervalMs: amount("Length of an interval in ms."),
    durationMs: orNull(amount("It stops gracefully after so many ms; null: never.")),
    createdAt: time("When it was asked for."),
    nextBatchAt: orNull(time("When the next batch is due; null: there will be none.")),
    head: orNull(text("Cursor of the newest batch.")),
    tail: orNull(text("Cursor of the oldest batch kept.")),
    latest: orNull(latest),
    followers: amount("Connections that follow it."),
    total: ref("Totals"),
    endReason: orNull(ref("EndReason")),
    links,
  }),
  SessionPage: object("A page of the sessions, in order of creation.", {
    items: { type: "array", items: ref("Session") },
    next: orNull(text("Path of the next page, null where there is none.")),
  }),
  Readiness: object("Whether sessions can be served.", {
    status: { enum: ["ready", "degraded", "stopping", "starting"], description: "`degraded`: a check is not ok." },
    checks: {
      type: "array",
      items: object(
        "One part of the service.",
        {
          name: { enum: ["sessions", "store", "sources", "descriptors"] },
          ok: yesOrNo("Whether it is well."),
          detail: text("Why not; no address and no path is in it."),
        },
        ["detail"],
      ),
    },
  }),
  Version: object("What answers.", {
    name: { const: "sluice" },
    version: text("Version of the service."),
    runtime: text("Node, Deno or Bun, and its version."),
  }),
  Ticket: object("Lets its holder open one stream, or one WebSocket, once.", {
    ticket: text("What `?ticket=` wants."),
    expiresAt: time("Until when."),
  }),
  LimitList: object("Every bound, as it is set.", { items: { type: "array", items: ref("Limit") } }),
  Limit: object("A bound.", {
    name: { enum: Object.keys(LIMITS), description: "Its name." },
    value: orNull(amount("What it is; null where there is none.")),
    unit: text("Of the value, such as `bytes`."),
    of: text("What is bounded, after the value and its unit."),
    used: orNull(
      amount(
        "How much of it is used now, where that is counted; of bounds on each session, of the one that uses the most.",
      ),
    ),
    consequence: text("What happens at it."),
  }),
  Lateness: object("A histogram of all batches, as Prometheus has them: a bucket has those of the buckets before it.", {
    unit: { const: "ms" },
    le: { type: "array", items: { type: "number" }, description: "Upper bounds, in order." },
    counts: { type: "array", items: { type: "integer" }, description: "Batches up to each bound." },
    count: amount("All batches."),
    sum: ms("All their lateness together, in ms."),
  }),
};
