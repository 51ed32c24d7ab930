/** Starts sessions: the lab of one click, or the form. @module */

import { call, Problem } from "./api.js";
import { part, showText } from "./elements.js";

/** @typedef {import("./wire.js").Session} Session */

const lab = part("start-lab", HTMLButtonElement);
const form = part("start-form", HTMLFormElement);
const problem = part("start-problem", HTMLElement);
/** Each field names the place of its value in the body, as the service does in its problems. */
const fields = [...form.querySelectorAll("input")];

/**
 * Makes the button and the form start sessions.
 * @param {(session: Session) => void} started
 */
export function offerStart(started) {
  lab.addEventListener("click", () => void start(undefined, started));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void start(bodyOf(fields), started);
  });
}

/**
 * @param {object | undefined} body
 * @param {(session: Session) => void} started
 */
async function start(body, started) {
  setBusy(true);
  try {
    const session = /** @type {Session} */ (await call("POST", "/sessions", body));
    showFaults("", []);
    started(session);
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure;
    showFaults(failure.message, failure.fields);
  } finally {
    setBusy(false);
  }
}

/** @param {boolean} busy */
function setBusy(busy) {
  for (const button of [lab, ...form.querySelectorAll("button")]) button.disabled = busy;
}

/**
 * The body a form means; an empty field is left to the service's default. What is no number is sent as it is: the
 * service knows best what to say about it.
 * @param {readonly HTMLInputElement[]} inputs
 */
function bodyOf(inputs) {
  /** @type {{ source: Record<string, unknown>, [field: string]: unknown }} */
  const body = { source: { type: "emitter" } };
  for (const { value, dataset } of inputs) {
    if (value === "") continue;
    const [, outer = "", inner] = (dataset["pointer"] ?? "").split("/");
    const meant = dataset["number"] !== undefined && /^\d+$/.test(value) ? Number(value) : value;
    if (inner === undefined) body[outer] = meant;
    else body[outer] = { ...Object(body[outer]), [inner]: meant };
  }
  return body;
}

/**
 * @param {string} detail
 * @param {readonly { pointer: string, detail: string }[]} faults
 */
function showFaults(detail, faults) {
  const texts = faults.map((fault) => `${labelOf(fault.pointer)} ${fault.detail}`);
  showText(problem, texts.length === 0 ? detail : `Cannot start a session: ${texts.join("; ")}`);
  for (const input of fields) {
    const wrong = faults.some(({ pointer }) => pointer === input.dataset["pointer"]);
    if (wrong) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
  fields.find((input) => input.hasAttribute("aria-invalid"))?.focus();
}

/** @param {string} pointer */
function labelOf(pointer) {
  const field = fields.find(({ dataset }) => dataset["pointer"] === pointer);
  return field?.labels?.[0]?.textContent ?? pointer;
}
