/** What followers are told, and what they may say. @module */

import { amount, cursor, object, orNull, ref, text, time, yesOrNo, type Schema } from "./schema.ts";

const place = { head: orNull(cursor("Cursor of the newest batch, null when there is none.")) };
const asked = orNull(text("The cursor that was sent, null when none was."));
const from = cursor("Cursor of the first batch to come.");

const lost = object("What was not counted, where the session did not end gracefully.", {
  lines: amount("Lines."),
  bytes: amount("Bytes, an unfinished line's included."),
});

/** The schemas by name. */
export const eventSchemas: Readonly<Record<string, Schema>> = {
  Hello: object("The first event of each connection.", {
    protocol: { const: 1 },
    session: text("Its session."),
    now: time("The service's clock."),
    epoch: text("Name of the log."),
    ...place,
    tail: orNull(cursor("Cursor of the oldest batch kept, null when none is.")),
    asked,
    epochChecked: yesOrNo("The cursor that was sent named its epoch."),
    from,
    status: ref("Continuity"),
    reason: orNull({ enum: ["epoch", "ahead_of_log"], description: "Why it is a reset." }),
  }),
  Reset: object("What the client holds is of no use here: it begins anew.", {
    epoch: text("Name of the log."),
    reason: { enum: ["epoch", "ahead_of_log"], description: "It was another log's, or this one has not come so far." },
    asked,
    from,
  }),
  Gap: object("Batches that were asked for and cannot be had, both ends included.", {
    from: cursor("The first."),
    to: cursor("The last."),
    batches: amount("How many."),
    reason: { const: "retention" },
  }),
  State: object("How the session is, at each change.", {
    state: ref("SessionState"),
    connected: yesOrNo("Its source is being read."),
    lastError: orNull(text("Why it is degraded or failed.")),
  }),
  Head: object("A sign of life every 15 s, by which a missed tail is noticed.", {
    ...place,
    total: ref("Totals"),
    hash: orNull(text("Hash of the newest batch.")),
  }),
  End: object("Nothing comes any more.", {
    reason: orNull(ref("EndReason")),
    state: ref("SessionState"),
    ...place,
    total: ref("Totals"),
    discarded: orNull(lost),
  }),
};

/** Events of a stream by name, in the order in which they come. */
export const EVENTS: Schema = {
  hello: ref("Hello"),
  reset: ref("Reset"),
  state: ref("State"),
  gap: ref("Gap"),
  batch: ref("Batch"),
  head: ref("Head"),
  end: ref("End"),
};

const kind = (type: string): Schema => ({ const: type });
const session = text("The id of a session.");
const after = text("A cursor to go on after.");

/** What a WebSocket of one session takes. */
export const RESUME: Schema = { resume: object("Go on after a cursor.", { type: kind("resume"), after }) };

/** What a WebSocket of several sessions takes. */
export const SUBSCRIBE: Schema = {
  subscribe: object(
    "Follow a session as well.",
    { type: kind("subscribe"), session, after, since: text("In place of `after`: `now`, `earliest` or `-n`.") },
    ["after", "since"],
  ),
  unsubscribe: object("Follow it no longer.", { type: kind("unsubscribe"), session }),
};

const complaint: Schema = {
  error: object(
    "What was said could not be done.",
    { problem: ref("Problem"), session: text("The session it is about, where there are several.") },
    ["session"],
  ),
};

/** Events over WebSocket: each is the same object with its name as `type`. */
export const SOCKET_EVENTS: Schema = { ...EVENTS, ...complaint };

/** The same of several sessions. */
export const SEVERAL_SOCKET_EVENTS: Schema = {
  ...SOCKET_EVENTS,
  unsubscribed: object("It is followed no longer.", { session }),
};
