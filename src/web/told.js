/** What a session's events have told so far: a pure function from what was known and an event to what is known. @module */

import { amount, duration, number } from "./amounts.js";
import { seqOf } from "./wire.js";

/** @typedef {import("./wire.js").Batch} Batch */
/** @typedef {import("./wire.js").End} End */
/** @typedef {{ at: number, kind: string, text: string }} Notice `at` is our time in ms */

/** @typedef {{ from: number, to: number }} Missing numbers of batches that cannot be had, both ends included */

/**
 * What is known of a session: `batch` is the newest, `recent` has it and those before it, oldest first; `next` is the
 * cursor that must follow, `connected` is the source's, `missing` has the newest last, `notices` the newest first.
 * @typedef {{
 *   state: string | null, connected: boolean | null, lastError: string | null, batch: Batch | null,
 *   recent: readonly Batch[], missing: readonly Missing[],
 *   next: string | null, end: End | null, notices: readonly Notice[],
 * }} Told
 */

/** Batches kept for what is shown over time; the oldest goes. */
const MAX_RECENT = 120;

/** Notices kept; the oldest goes. */
const MAX_NOTICES = 50;

/** @type {Told} */
export const NOTHING_TOLD = {
  state: null,
  connected: null,
  lastError: null,
  batch: null,
  recent: [],
  missing: [],
  next: null,
  end: null,
  notices: [],
};

/** @type {[name: string, tell: (told: Told, data: any, at: number) => Told][]} */
const TELLERS = [
  ["hello", hello],
  ["state", state],
  ["batch", batch],
  ["gap", gap],
  ["end", end],
  ["error", (told, data, at) => note(told, { at, kind: "error", text: String(data.problem?.detail) })],
];
const TELL = new Map(TELLERS);

/**
 * What is known after an event.
 * @param {Told} told
 * @param {{ name: string, data: unknown, at: number }} event `at` is our time in ms
 * @returns {Told}
 */
export function tell(told, { name, data, at }) {
  return TELL.get(name)?.(told, data, at) ?? told;
}

/**
 * What is known, with one notice more.
 * @param {Told} told
 * @param {Notice} notice
 * @returns {Told}
 */
export function note(told, notice) {
  return { ...told, notices: [notice, ...told.notices].slice(0, MAX_NOTICES) };
}

/** @param {Told} told @param {import("./wire.js").Hello} data @param {number} at @returns {Told} */
function hello(told, { status, reason, asked, from }, at) {
  if (status === "reset") {
    const why = reason === "epoch" ? "it belongs to another life of this session" : "the session has not come that far";
    const text = `Cannot go on after ${asked}: ${why}; reading from ${from}`;
    return note({ ...told, batch: null, recent: [], missing: [], next: null }, { at, kind: "reset", text });
  }
  // A gap is told in full by the event that follows.
  if (status === "gap") return told;
  if (asked !== null) return note(told, { at, kind: "resumed", text: `Went on after ${asked}: no batch is missing` });
  return told.notices[0]?.kind === "lost" ? note(told, { at, kind: "resumed", text: "Connected again" }) : told;
}

/** @param {Told} told @param {import("./wire.js").State} data @param {number} at @returns {Told} */
function state(told, data, at) {
  const known = { ...told, ...data };
  const trouble = data.lastError === null ? "" : `: ${data.lastError}`;
  if (told.state !== null && told.state !== data.state) {
    return note(known, { at, kind: "state", text: `The session is ${data.state}${trouble}` });
  }
  // The words change with each try; only that the trouble begins is news.
  if (trouble === "" || told.lastError !== null) return known;
  return note(known, { at, kind: "state", text: `The source is in trouble${trouble}` });
}

/** @param {Told} told @param {Batch} data @param {number} at @returns {Told} */
function batch(told, data, at) {
  const { batch: last, next } = told;
  if (last !== null && last.epoch === data.epoch && data.seq <= last.seq) return told;
  /** @type {Told} */
  let known = {
    ...told,
    batch: data,
    recent: [...told.recent, data].slice(-MAX_RECENT),
    next: `${data.epoch}:${data.seq + 1}`,
  };
  if (next !== null && next !== data.cursor) {
    known = note(miss(known, { from: seqOf(next), to: data.seq - 1 }), {
      at,
      kind: "gap",
      text: `Cannot account for the batches from ${next}: ${data.cursor} came instead`,
    });
  }
  for (const [kind, text] of remarks(data))
    known = note(known, { at, kind, text: `Batch ${number(data.seq)} ${text}` });
  return known;
}

/** @param {Batch} batch @returns {[kind: string, text: string][]} */
function remarks({ late, partial, final, intervalMs, missedTicks, sourceGap, dropped }) {
  /** @type {[string, string][]} */
  const found = [];
  if (late) found.push(["late", `came late: it covers ${duration(intervalMs)}, ${amount(missedTicks, "tick")} missed`]);
  if (sourceGap !== null)
    found.push([
      "source",
      `may lack lines: the source was lost ${amount(sourceGap.count, "time")}, for ${duration(sourceGap.downMs)}`,
    ]);
  if (dropped.bytes > 0)
    found.push([
      "dropped",
      `lacks ${amount(dropped.bytes, "byte")} of ${amount(dropped.lines, "line")} too long to be kept`,
    ]);
  if (partial) found.push(["partial", `is partial: it covers ${duration(intervalMs)}`]);
  if (final) found.push(["final", "is the last one"]);
  return found;
}

/** @param {Told} told @param {import("./wire.js").Gap} data @param {number} at @returns {Told} */
function gap(told, { from, to, batches }, at) {
  const next = `${to.slice(0, to.lastIndexOf(":"))}:${seqOf(to) + 1}`;
  const which = batches === 1 ? from : `${from} to ${to}`;
  return note(miss({ ...told, next }, { from: seqOf(from), to: seqOf(to) }), {
    at,
    kind: "gap",
    text: `Cannot have ${amount(batches, "batch", "batches")}, ${which}: no longer kept`,
  });
}

/** @param {Told} told @param {End} data @param {number} at @returns {Told} */
function end(told, data, at) {
  const known = { ...told, state: data.state, end: data };
  if (data.discarded === null) return known;
  const { lines, bytes } = data.discarded;
  return note(known, {
    at,
    kind: "dropped",
    text: `Not counted at the end: ${amount(lines, "line")}, ${amount(bytes, "byte")} that had arrived`,
  });
}

/** @param {Told} told @param {Missing} range @returns {Told} */
function miss(told, range) {
  return { ...told, missing: [...told.missing, range].slice(-MAX_NOTICES) };
}
