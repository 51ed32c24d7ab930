/** What a batch is, and pages of batches and words. @module */

import { amount, cursor, ms, object, orNull, ref, text, time, yesOrNo, type Schema } from "./schema.ts";

const sha256 = (description: string): Schema => text(description, { pattern: "^[0-9a-f]{64}$" });

const dropped = object("What was cut from lines that were too long.", {
  lines: amount("Lines that were cut."),
  bytes: amount("Bytes that were cut."),
});

const sourceGap = object("The source was interrupted: plain TCP cannot be read again.", {
  reason: { enum: ["source_closed", "reader_restart"], description: "The source was away, or the service itself was." },
  count: amount("Interruptions within the interval."),
  downMs: ms("How long they were together, in ms."),
  linesLost: orNull(amount("Null: a raw TCP source does not say.")),
});

const links = {
  next: orNull(text("Path of the next page in the same direction, null where there is none.")),
  prev: orNull(text("Path of the page before, null where there is none.")),
};

/** The schemas by name. */
export const batchSchemas: Readonly<Record<string, Schema>> = {
  Cursor: cursor("A place in a log, `<epoch>:<seq>`: what to resume after."),
  Totals: object("Sums since the epoch began.", {
    batches: amount("Batches."),
    lines: amount("Lines."),
    words: amount("Words."),
    bytes: amount("Raw bytes read, line ends included."),
    sourceGaps: amount("Times the reading was interrupted."),
  }),
  Delays: object("How long the batch waited and worked, as Spark defines the three.", {
    schedulingMs: ms("From the batch's time to the beginning of its counting, in ms."),
    processingMs: ms("The counting, in ms."),
    totalMs: ms("Both, in ms."),
  }),
  WordCounts: {
    type: "array",
    description: "Words with their counts, the most frequent first, words of one count by code point.",
    items: {
      type: "array",
      prefixItems: [{ type: "string" }, { type: "integer" }],
      items: {},
      minItems: 2,
      maxItems: 2,
    },
  },
  Batch: object(
    "The counts of one interval. It never changes.",
    {
      cursor: ref("Cursor"),
      epoch: text("Name of the log; another one means that numbers began anew."),
      seq: { type: "integer", minimum: 1, description: "Number in the log, without holes." },
      inc: amount("Incarnation of the log's writer; rises when a service has taken over."),
      time: time("Batch time: the end of the interval, a multiple of it since the Unix epoch."),
      intervalMs: ms("Length in ms; measured for a late or a partial batch."),
      partial: yesOrNo("It was cut before its time."),
      final: yesOrNo("It is the session's last."),
      late: yesOrNo("It covers a stall of more than 1.5 intervals."),
      missedTicks: amount("Batch times within that stall."),
      lines: amount("Lines that ended in the interval."),
      words: amount("Words, repeated ones included."),
      bytes: amount("Raw bytes read."),
      distinct: amount("Distinct words."),
      otherWords: amount("Words not counted by name, as a bound on distinct words was reached."),
      dropped,
      total: ref("Totals"),
      sourceGap: orNull(sourceGap),
      counts: ref("WordCounts"),
      more: amount("Distinct words left out of `counts`."),
      delays: ref("Delays"),
      countsHash: sha256("SHA-256 of all counts as JSON."),
      prev: orNull(sha256("`hash` of the batch before, null for the first of the epoch.")),
      hash: sha256("SHA-256 of the batch without its delays, with `countsHash` and `prev`."),
      skipped: {
        type: "integer",
        minimum: 1,
        description: "On a stream with `policy=latest`: batches left out before this one.",
      },
    },
    ["skipped"],
  ),
  BatchPage: object("A page of history.", {
    items: { type: "array", items: ref("Batch") },
    ...links,
    hasMore: yesOrNo("Batches further on in the same direction are kept."),
    status: ref("Continuity"),
    epoch: text("Name of the log."),
  }),
  Continuity: {
    enum: ["continuous", "gap", "reset"],
    description:
      "Whether what follows `after` is all there: `gap`: some is no longer kept; `reset`: it was a cursor of another log, or ahead of this one.",
  },
  WordPage: object("A page of a batch's words.", {
    cursor: ref("Cursor"),
    distinct: amount("Distinct words of the batch."),
    offset: amount("How many stand before these."),
    words: ref("WordCounts"),
    next: links.next,
  }),
  BatchLines: object("What a batch was counted from.", {
    cursor: ref("Cursor"),
    lines: orNull({
      type: "array",
      items: { type: "string" },
      description: "The lines, null where they are not kept.",
    }),
  }),
};
