/** Starts sessions: the lab of one click, or the form. @module */

import { call, Problem } from "./api.js";
import { make, part, setText, showText } from "./elements.js";

/** @typedef {import("./wire.js").Session} Session */
/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */

const lab = part("start-lab", HTMLButtonElement);
const form = part("start-form", HTMLFormElement);
const problem = part("start-problem", HTMLElement);
/** Each field names the place of its value in the body, as the service does in its problems. */
const fields = [...form.querySelectorAll("input, select, textarea")].filter((field) => isField(field));
const type = part("source-type", HTMLSelectElement);
const kinds = ["emitter", "socket", "listen", "push"].map((kind) => part(`${kind}-fields`, HTMLFieldSetElement));

/**
 * Makes the button and the form start sessions.
 * @param {(session: Session) => void} started
 */
export function offerStart(started) {
  lab.addEventListener("click", () => void start(undefined, started));
  type.addEventListener("change", showKind);
  showKind();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void start(bodyOf(fields), started);
  });
}

/** The fields of the chosen kind of source alone. */
function showKind() {
  for (const each of kinds) {
    const chosen = each.id === `${type.value}-fields`;
    each.hidden = !chosen;
    each.disabled = !chosen;
  }
}

/** @param {Element} element @returns {element is Field} */
function isField(element) {
  return "value" in element && "labels" in element;
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
 * @param {readonly Field[]} chosen
 */
function bodyOf(chosen) {
  /** @type {{ [field: string]: unknown }} */
  const body = {};
  for (const field of chosen) {
    if (field.value === "" || field.matches(":disabled")) continue;
    const [, outer = "", inner] = (field.dataset["pointer"] ?? "").split("/");
    const meant = meaningOf(field);
    if (inner === undefined) body[outer] = meant;
    else body[outer] = { ...Object(body[outer]), [inner]: meant };
  }
  return body;
}

/** @param {Field} field */
function meaningOf({ value, dataset }) {
  if (dataset["lines"] !== undefined) return value.split("\n");
  return dataset["number"] !== undefined && /^\d+$/.test(value) ? Number(value) : value;
}

/**
 * @param {string} detail
 * @param {readonly { pointer: string, detail: string }[]} faults
 */
function showFaults(detail, faults) {
  const texts = faults.map((fault) => `${labelOf(fault.pointer)} ${fault.detail}`);
  showText(problem, texts.length === 0 ? detail : `Cannot start a session: ${texts.join("; ")}`);
  for (const input of fields) {
    const here = input.matches(":disabled") ? [] : faults.filter(({ pointer }) => isAt(pointer, input));
    markField(input, here.map((fault) => fault.detail).join("; "));
  }
  fields.find((input) => input.hasAttribute("aria-invalid"))?.focus();
}

/** Says at a field what is wrong with it, or that nothing is. @param {Field} input @param {string} fault */
function markField(input, fault) {
  const known = document.getElementById(`${input.id}-fault`);
  if (fault === "") {
    known?.remove();
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
    return;
  }
  const words = known ?? make("p", { className: "fault" });
  words.id = `${input.id}-fault`;
  setText(words, fault);
  input.after(words);
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", words.id);
}

/** @param {string} pointer */
function labelOf(pointer) {
  const field = fields.find((each) => !each.matches(":disabled") && isAt(pointer, each));
  return field?.labels?.[0]?.textContent ?? pointer;
}

/** Whether a pointer is to a field's value, or into it. @param {string} pointer @param {Field} field */
function isAt(pointer, { dataset }) {
  return `${pointer}/`.startsWith(`${dataset["pointer"]}/`);
}
