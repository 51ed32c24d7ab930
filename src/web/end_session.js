/** Stops the followed session, or deletes it when that is confirmed. @module */

import { deleteSession, Problem, stopSession } from "./api.js";
import { part, setText, showText } from "./elements.js";

const stop = part("stop", HTMLButtonElement);
const remove = part("delete", HTMLButtonElement);
const problem = part("session-problem", HTMLElement);
const dialog = part("confirm", HTMLDialogElement);
const question = part("confirm-text", HTMLElement);

/**
 * Makes the two buttons work.
 * @param {{ followed: () => { id: string, name: string } | null, ended: () => void }} options
 */
export function offerEnd({ followed, ended }) {
  stop.addEventListener("click", () => void run(stop, () => stopSession(followed()?.id ?? "")).then(ended));
  remove.addEventListener("click", () => {
    setText(question, `Delete session ${followed()?.name}? It is stopped, and its history is forgotten.`);
    dialog.returnValue = "";
    dialog.showModal();
  });
  dialog.addEventListener("close", async () => {
    const id = followed()?.id;
    if (dialog.returnValue !== "yes" || id === undefined) return;
    await run(remove, () => deleteSession(id));
    if (problem.hidden) location.hash = "";
    ended();
  });
}

/** @param {HTMLButtonElement} button @param {() => Promise<unknown>} act */
async function run(button, act) {
  button.disabled = true;
  try {
    await act();
    showText(problem, "");
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure;
    showText(problem, failure.message);
  } finally {
    button.disabled = false;
  }
}
