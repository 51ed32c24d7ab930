/** What happened besides batches: as a list, and read out where it matters. @module */

import { clockTime } from "./amounts.js";
import { make, part, setText } from "./elements.js";

/** @typedef {import("./told.js").Told} Told */

const list = part("notices", HTMLOListElement);
const announcer = part("announcer", HTMLElement);

/** The notices that are worth being read out; batches never are. */
const READ_OUT = new Set(["lost", "resumed", "gap", "reset", "state", "error"]);
/** @type {Told["notices"] | undefined} */
let shown;

/** @param {Told["notices"]} next the newest first */
export function showNotices(next) {
  if (next === shown) return;
  const fresh = next[0];
  if (fresh !== undefined && fresh !== shown?.[0] && READ_OUT.has(fresh.kind)) setText(announcer, fresh.text);
  shown = next;
  list.replaceChildren(
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
  item.append(make("time", { text: clockTime(at) }), " ", mark, " ", make("bdi", { text }));
  return item;
}
