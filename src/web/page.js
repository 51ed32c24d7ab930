/** The page: puts its parts together. @module */

import { Problem, stopSession } from "./api.js";
import { showBatch } from "./batch_view.js";
import { part, showText } from "./elements.js";
import { Live } from "./live.js";
import { showSession } from "./session_view.js";
import { markSession, refreshSessions, watchSessions } from "./sessions.js";
import { offerStart } from "./start.js";
import { keepToken, onTokenWanted, takeTokenFromAddress } from "./token.js";

/** The countdown moves this often; everything else is drawn when it changes. */
const TICK_MS = 200;
const main = part("followed", HTMLElement);
const unfollowed = part("unfollowed", HTMLElement);
const box = part("session", HTMLElement);
const stop = part("stop", HTMLButtonElement);
const problem = part("session-problem", HTMLElement);
const tokenForm = part("token-form", HTMLFormElement);
const tokenWhy = part("token-why", HTMLElement);
const tokenField = part("token", HTMLInputElement);
/** @type {Live | null} */
let live = null;
let shownState = "";
let drawing = false;

/** Draws once before the next frame, however often it is asked to. */
function draw() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    box.hidden = live === null;
    unfollowed.hidden = live !== null;
    document.title = live === null ? "Sluice" : `${live.session?.name ?? live.id} · Sluice`;
    if (live === null) return;
    showSession(live);
    showBatch(live.told.batch);
    const { state } = live.told;
    if (state !== null && state !== shownState) void refreshSessions();
    shownState = state ?? shownState;
  });
}

/** Follows the session that the address names. */
function followAddress() {
  const id = idOf(location.hash);
  if (id === undefined || id === live?.id) return;
  live?.close();
  live = id === null ? null : new Live(id, draw);
  showText(problem, "");
  markSession(id);
  draw();
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

async function stopFollowed() {
  if (live === null) return;
  stop.disabled = true;
  try {
    await stopSession(live.id);
    showText(problem, "");
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure;
    showText(problem, failure.message);
  } finally {
    stop.disabled = false;
    void refreshSessions();
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
stop.addEventListener("click", () => void stopFollowed());
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
offerStart((session) => {
  location.hash = `#/sessions/${encodeURIComponent(session.id)}`;
  void refreshSessions();
});
watchSessions();
followAddress();
setInterval(() => {
  if (live?.link === "live") draw();
}, TICK_MS);
