/** The list of sessions. @module */

import { call, Problem } from "./api.js";
import { amount, duration, fineDuration, number, rate } from "./amounts.js";
import { make, part, setText, showText } from "./elements.js";

/** @typedef {import("./wire.js").Session} Session */
/** @typedef {{ item: HTMLLIElement, link: HTMLAnchorElement, name: HTMLElement, state: HTMLElement, facts: HTMLElement }} Row */

const EVERY_MS = 4000;
const MAX_ROWS = 100;
const list = part("sessions", HTMLUListElement);
const note = part("sessions-note", HTMLElement);
/** @type {Map<string, Row>} */
const rows = new Map();
/** @type {string | null} */
let selected = null;
let asked = 0;

/** Shows the list, and asks for it again and again while the page is in sight. */
export function watchSessions() {
  setInterval(() => {
    if (!document.hidden) void refreshSessions();
  }, EVERY_MS);
  document.addEventListener("visibilitychange", () => void refreshSessions());
  void refreshSessions();
}

/** Asks for the list now. */
export async function refreshSessions() {
  const mine = ++asked;
  try {
    const { items } = /** @type {{ items: Session[] }} */ (await call("GET", "/sessions?limit=1000"));
    // An older answer may come after a newer one.
    if (mine === asked) render(items);
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure;
    showText(note, failure.message);
  }
}

/**
 * Marks the session that is followed.
 * @param {string | null} id
 */
export function markSession(id) {
  selected = id;
  for (const [each, { link }] of rows) mark(link, each);
}

/** @param {readonly Session[]} sessions in order of creation */
function render(sessions) {
  const shown = sessions.slice(-MAX_ROWS).toReversed();
  const hidden = sessions.length - shown.length;
  showText(
    note,
    sessions.length === 0 ? "None yet." : hidden > 0 ? `The newest ${MAX_ROWS} of ${number(sessions.length)}.` : "",
  );
  const ids = new Set(shown.map(({ id }) => id));
  for (const [id, { item }] of rows) {
    if (ids.has(id)) continue;
    item.remove();
    rows.delete(id);
  }
  for (const [place, session] of shown.entries()) {
    const { item } = fill(rows.get(session.id) ?? newRow(session.id), session);
    // Moved only when it must be: moving takes the focus away.
    if (list.children[place] !== item) list.insertBefore(item, list.children[place] ?? null);
  }
}

/**
 * @param {Row} row
 * @param {Session} session
 */
function fill(row, session) {
  const { id, name, state } = session;
  setText(row.name, name ?? id);
  setText(row.state, state);
  row.state.dataset["state"] = state;
  setText(row.facts, factsOf(session));
  return row;
}

/** @param {import("./wire.js").Source} source */
function sourceText({ type, file, lines, port }) {
  if (type === "push") return type;
  return `${type}, ${type === "emitter" ? (file ?? amount(lines ?? 0, "given line")) : `port ${port}`}`;
}

/** Source, rate, lag, followers. @param {Session} session */
function factsOf({ source, latest, followers, batchIntervalMs, total, lastError }) {
  const facts = [`${sourceText(source)}, every ${duration(batchIntervalMs)}`];
  if (latest !== null) {
    const perSecond = latest.intervalMs === 0 ? 0 : (1000 * latest.lines) / latest.intervalMs;
    facts.push(`${rate(perSecond)} in, lag ${fineDuration(latest.delays.totalMs)}`);
  }
  facts.push(amount(total.batches, "batch", "batches"), amount(followers, "follower"));
  if (lastError !== null) facts.push(lastError);
  return facts.join(" · ");
}

/**
 * @param {string} id
 * @returns {Row}
 */
function newRow(id) {
  const item = make("li");
  const link = make("a");
  const name = make("bdi");
  const state = make("span", { className: "badge" });
  const facts = make("span", { className: "hint" });
  link.href = `#/sessions/${encodeURIComponent(id)}`;
  link.append(name, " ", state, " ", facts);
  item.append(link);
  mark(link, id);
  const row = { item, link, name, state, facts };
  rows.set(id, row);
  return row;
}

/**
 * @param {HTMLAnchorElement} link
 * @param {string} id
 */
function mark(link, id) {
  if (id === selected) link.setAttribute("aria-current", "true");
  else link.removeAttribute("aria-current");
}
