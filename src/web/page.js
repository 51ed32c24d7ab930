/** The page: puts its parts together. @module */

import { offerAllWords } from "./all_words.js";
import { showBars } from "./bars.js";
import { showBatch } from "./batch_view.js";
import { showCountdown } from "./countdown.js";
import { Drawing } from "./drawing.js";
import { part, showText } from "./elements.js";
import { offerEnd } from "./end_session.js";
import { showExplain } from "./explain.js";
import { offerHeat, showHeat } from "./heat.js";
import { Live } from "./live.js";
import { showNotices } from "./notices.js";
import { showPprint } from "./pprint_view.js";
import { offerRibbon } from "./ribbon.js";
import { showSession } from "./session_view.js";
import { markSession, refreshSessions, watchSessions } from "./sessions.js";
import { offerSnippets, showSnippets } from "./snippets.js";
import { offerStart } from "./start.js";
import { TimeMachine } from "./time_machine.js";
import { offerTimings, showTimings } from "./timings.js";
import { keepToken, onTokenWanted, takeTokenFromAddress } from "./token.js";
import { offerTable, renewTable, showTable } from "./word_table.js";

/** The countdown moves this often; everything else is drawn when it changes. */
const TICK_MS = 200;
const main = part("followed", HTMLElement);
const unfollowed = part("unfollowed", HTMLElement);
const box = part("session", HTMLElement);
const tokenForm = part("token-form", HTMLFormElement);
const tokenWhy = part("token-why", HTMLElement);
const tokenField = part("token", HTMLInputElement);
const problem = part("session-problem", HTMLElement);
/** @type {Live | null} */
let live = null;
let shownState = "";

const drawing = new Drawing([
  { everyMs: 0, ticks: true, draw: frame },
  { everyMs: 0, ticks: true, draw: () => live && showCountdown(live) },
  { everyMs: 0, draw: shown(({ told }) => showBatch(told.batch)) },
  { everyMs: 100, draw: shown(({ told }) => showBars(told.batch)) },
  { everyMs: 0, draw: () => machine.draw() },
  { everyMs: 250, draw: shown((scene) => showTable(scene)) },
  { everyMs: 250, draw: shown(({ told }) => showHeat(told.recent)) },
  { everyMs: 500, draw: shown(({ told }) => showTimings(told.recent, live?.session?.batchIntervalMs ?? 0)) },
  { everyMs: 0, draw: () => live && showNotices(live.told.notices) },
  { everyMs: 500, draw: shown((scene) => live && showPprint(live.id, scene, changed)) },
  { everyMs: 500, draw: shown(({ told }) => showExplain(live?.session ?? null, told.batch, changed)) },
]);
const machine = new TimeMachine(changed);

function changed() {
  drawing.ask();
}

/** @param {(scene: import("./scene.js").Scene) => void} draw */
function shown(draw) {
  return () => {
    if (machine.scene !== null) draw(machine.scene);
  };
}

/** What is there at all, and how the session is. */
function frame() {
  box.hidden = live === null;
  unfollowed.hidden = live !== null;
  document.body.classList.toggle("following", live !== null);
  document.title = live === null ? "Sluice" : `${live.session?.name ?? live.id} · Sluice`;
  if (live === null) return;
  showSession(live);
  const { state } = live.told;
  if (state !== null && state !== shownState) void refreshSessions();
  shownState = state ?? shownState;
}

/** Follows the session that the address names. */
function followAddress() {
  const id = idOf(location.hash);
  if (id === undefined || id === live?.id) return;
  live?.close();
  live = id === null ? null : new Live(id, changed);
  if (id !== null) showSnippets(id);
  showText(problem, "");
  markSession(id);
  machine.follow(live);
}

/**
 * The session's name in `#/sessions/<id>`; null when there is no fragment, undefined when it is something else.
 * @param {string} hash
 * @returns {string | null | undefined}
 */
function idOf(hash) {
  if (hash === "") return null;
  const name = /^#\/sessions\/([^/&?]+)$/.exec(hash)?.[1];
  try {
    return name === undefined ? undefined : decodeURIComponent(name);
  } catch {
    // A lone % is no escape; such a session is not found, and that is said.
    return name;
  }
}

function followAgain() {
  live?.close();
  live = null;
  tokenForm.hidden = true;
  followAddress();
  void refreshSessions();
}

onTokenWanted((why) => {
  showText(tokenWhy, why);
  if (!tokenForm.hidden) return;
  tokenForm.hidden = false;
  tokenField.focus();
});
tokenForm.addEventListener("submit", (event) => {
  event.preventDefault();
  keepToken(tokenField.value.trim());
  tokenField.value = "";
  followAgain();
});
part("skip", HTMLAnchorElement).addEventListener("click", (event) => {
  // The fragment is the session's.
  event.preventDefault();
  main.focus();
});
addEventListener("hashchange", () => {
  if (takeTokenFromAddress()) followAgain();
  else followAddress();
  // On a small screen the session is below the list; it is there once it is drawn.
  requestAnimationFrame(() => {
    if (live !== null && main.getBoundingClientRect().top > innerHeight / 2) main.scrollIntoView();
  });
});

takeTokenFromAddress();
offerTable(changed);
offerAllWords({
  followed: () => live?.id ?? null,
  choose: (seq) => machine.choose(seq),
  changed() {
    renewTable();
    changed();
  },
});
offerHeat({ changed, choose: (seq) => machine.choose(seq) });
offerTimings(changed);
offerRibbon(changed);
offerSnippets();
offerEnd({
  followed: () => live && { id: live.id, name: live.session?.name ?? live.id },
  ended: () => void refreshSessions(),
});
offerStart((session) => {
  location.hash = `#/sessions/${encodeURIComponent(session.id)}`;
  void refreshSessions();
});
watchSessions();
followAddress();
setInterval(() => drawing.tick(), TICK_MS);
