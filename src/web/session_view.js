/** How a followed session is: state, connection, the sentence of Spark's page, its source in words. @module */

import { amount, duration, timeSpan } from "./amounts.js";
import { part, setText, showText } from "./elements.js";
import { serverNow } from "./server_clock.js";

/** @typedef {import("./live.js").Live} Live */

const name = part("session-name", HTMLElement);
const state = part("session-state", HTMLElement);
const sentence = part("sentence", HTMLElement);
const source = part("session-source", HTMLElement);
const link = part("session-link", HTMLElement);
const end = part("session-end", HTMLElement);
const stop = part("stop", HTMLButtonElement);
const remove = part("delete", HTMLButtonElement);
const date = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

/** @type {Readonly<Record<import("./scene.js").Link, string>>} */
const LINKS = {
  connecting: "connecting …",
  live: "live",
  lost: "connection lost, trying again …",
  over: "closed: the session is over",
  refused: "refused",
};

/** @type {ReadonlyMap<string, string>} */
const REASONS = new Map([
  ["stopped", "it was stopped on request"],
  ["finished", "its source has said all it had to say"],
  ["duration", "its time was up"],
  ["deleted", "it was deleted"],
  ["shutdown", "the service was shut down"],
  ["failed", "it failed"],
]);

/**
 * Shows how a followed session is.
 * @param {Live} live
 */
export function showSession(live) {
  const { session, told } = live;
  const refused = live.link === "refused";
  const now = refused ? "unknown" : stateOf(live);
  const lost = live.link === "lost";
  setText(name, session?.name ?? live.id);
  setText(state, lost ? `was ${now}` : now);
  state.dataset["state"] = lost ? "unknown" : now;
  setText(sentence, refused ? live.refusal : sentenceOf(live));
  setText(source, refused ? "" : sourceText(live));
  setText(link, LINKS[live.link]);
  link.dataset["link"] = live.link;
  showText(end, endText(live));
  stop.disabled = told.end !== null || ["stopped", "failed", "unknown"].includes(now);
  remove.disabled = refused;
}

/** @param {Live} live */
function stateOf({ session, told }) {
  return told.state ?? session?.state ?? "unknown";
}

/** As Spark's page says it. @param {Live} live */
function sentenceOf({ session, told, link: reach }) {
  if (session === null) return "";
  const { batchIntervalMs, createdAt } = session;
  const began = Date.parse(createdAt);
  const { batches, lines } = told.batch?.total ?? session.total;
  const until = reach === "live" ? serverNow() : Date.parse(told.batch?.time ?? createdAt);
  const span = timeSpan(Math.max(0, until - began));
  const done = `${amount(batches, "completed batch", "completed batches")}, ${amount(lines, "line")}`;
  const what = told.end === null ? "Running batches of" : "Ran batches of";
  return `${what} ${timeSpan(batchIntervalMs)} for ${span} since ${date.format(began)} (${done})`;
}

/** @param {Live} live */
function sourceText({ session, told }) {
  if (session === null) return "";
  const { type, host, port } = session.source;
  const connected = told.connected ?? session.source.connected;
  const trouble = told.connected === null ? session.lastError : told.lastError;
  if (trouble !== null) return `Source: ${trouble}`;
  if (type === "push")
    return `Source: lines are ${connected ? "" : "no longer "}taken by POST /sessions/${session.id}/lines`;
  if (type === "listen")
    return `Source: ${connected ? "" : "no longer "}listens on ${host}:${port}, for whoever writes lines`;
  return `Source: ${connected ? "connected" : "not connected"}, ${linesText(session.source)} from ${host}:${port}`;
}

/** @param {import("./wire.js").Source} source */
function linesText({ type, file, lines, intervalMs, seed }) {
  if (type !== "emitter") return "lines";
  const texts = file ?? amount(lines ?? 0, "given line");
  return `random lines of ${texts}, one every ${duration(intervalMs ?? 0)}, seed ${seed},`;
}

/** @param {Live} live */
function endText({ told, session }) {
  if (told.end === null) return "";
  const { reason } = told.end;
  const why = REASONS.get(reason ?? "") ?? `the service says ${reason}`;
  const trouble = reason === "failed" ? (told.lastError ?? session?.lastError ?? null) : null;
  return `The session has ended: ${why}${trouble === null ? "" : `: ${trouble}`}.`;
}
