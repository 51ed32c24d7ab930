/** How a followed session looks: state, source, connection, countdown, what happened. @module */

import { amount, duration } from "./amounts.js";
import { showCountdown } from "./countdown.js";
import { make, part, setText, showText } from "./elements.js";

/** @typedef {import("./live.js").Live} Live */
/** @typedef {import("./wire.js").Session} Session */

const name = part("session-name", HTMLElement);
const state = part("session-state", HTMLElement);
const id = part("session-id", HTMLElement);
const source = part("session-source", HTMLElement);
const link = part("session-link", HTMLElement);
const end = part("session-end", HTMLElement);
const stop = part("stop", HTMLButtonElement);
const notices = part("notices", HTMLOListElement);
const announcer = part("announcer", HTMLElement);
const time = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

/** The notices that are worth being read out; batches never are. */
const READ_OUT = new Set(["lost", "resumed", "gap", "reset", "state", "error"]);
/** @type {import("./told.js").Told["notices"] | undefined} */
let shownNotices;

/** @type {Readonly<Record<import("./live.js").Link, string>>} */
const LINKS = {
  connecting: "Connecting …",
  live: "Live",
  lost: "Lost; resuming where it broke …",
  over: "Closed, as the session is over",
  refused: "Refused",
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
  const now = live.link === "refused" ? "unknown" : (told.state ?? session?.state ?? "unknown");
  setText(name, session?.name ?? live.id);
  setText(id, live.id);
  setText(state, now);
  state.dataset["state"] = now;
  setText(source, sourceText(live));
  setText(link, live.refusal === "" ? LINKS[live.link] : live.refusal);
  link.dataset["link"] = live.link;
  showText(end, endText(live));
  stop.hidden = live.link === "refused" || told.end !== null || ["stopped", "failed"].includes(now);
  showCountdown(live);
  showNotices(told.notices);
}

/** @param {Live} live */
function sourceText({ session, told }) {
  if (session === null) return "";
  const { type, host, port, file, lines, intervalMs, seed } = session.source;
  const texts = file ?? amount(lines ?? 0, "given line");
  const what =
    type === "emitter" ? `random lines of ${texts}, one every ${duration(intervalMs ?? 0)}, seed ${seed}` : "lines";
  const connected = told.connected ?? session.source.connected;
  const trouble = told.connected === null ? session.lastError : told.lastError;
  return `${connected ? "Connected" : "Not connected"}: ${what}, from ${host}:${port}${trouble === null ? "" : `. ${trouble}`}`;
}

/** @param {Live} live */
function endText({ told, session }) {
  if (told.end === null) return "";
  const { reason } = told.end;
  const why = REASONS.get(reason ?? "") ?? `the service says ${reason}`;
  const trouble = reason === "failed" ? (told.lastError ?? session?.lastError ?? null) : null;
  return `The session has ended: ${why}${trouble === null ? "" : `: ${trouble}`}.`;
}

/** @param {import("./told.js").Told["notices"]} next */
function showNotices(next) {
  if (next === shownNotices) return;
  const fresh = next[0];
  if (fresh !== undefined && fresh !== shownNotices?.[0] && READ_OUT.has(fresh.kind)) setText(announcer, fresh.text);
  shownNotices = next;
  notices.replaceChildren(
    ...(next.length === 0
      ? [make("li", { text: "Nothing out of the ordinary.", className: "hint" })]
      : next.map(noticeItem)),
  );
}

/** @param {import("./told.js").Notice} notice */
function noticeItem({ at, kind, text }) {
  const item = make("li");
  const mark = make("span", { text: kind, className: "badge" });
  mark.dataset["kind"] = kind;
  item.append(make("time", { text: time.format(at) }), " ", mark, " ", make("bdi", { text }));
  return item;
}
