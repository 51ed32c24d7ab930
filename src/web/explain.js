/** The path of a small batch, from its lines to its counts, as the program goes it. @module */

import { Problem, readLines } from "./api.js";
import { amount, clockTime, duration, number } from "./amounts.js";
import { make, part, setText } from "./elements.js";
import { wordText } from "./words.js";

/** @typedef {import("./wire.js").Batch} Batch */
/** @typedef {import("./wire.js").Session} Session */

/** More words than these nobody reads. */
const MAX_WORDS = 60;
const text = part("explain-text", HTMLElement);
const list = part("explain", HTMLOListElement);
/** @type {Batch | null | undefined} */
let shown;
let reading = false;

/**
 * Explains a batch; one reading at a time.
 * @param {Session | null} session
 * @param {Batch | null} batch
 * @param {() => void} changed
 */
export function showExplain(session, batch, changed) {
  if (batch === shown || reading || session === null) return;
  shown = batch;
  const why = whyNot(batch);
  if (batch === null || why !== "") {
    setText(text, why);
    list.replaceChildren();
    return;
  }
  reading = true;
  void read(session, batch).finally(() => {
    reading = false;
    changed();
  });
}

/** @param {Batch | null} batch */
function whyNot(batch) {
  if (batch === null) return "The first batch comes at the end of the interval.";
  if (batch.words > MAX_WORDS)
    return `Batch ${number(batch.seq)} has ${amount(batch.words, "word")}; up to ${MAX_WORDS} can be explained one by one.`;
  return "";
}

/** @param {Session} session @param {Batch} batch */
async function read(session, batch) {
  try {
    const lines = await readLines(session.id, batch.cursor);
    setText(text, lines === null ? "The lines of this batch are not kept: only those of the newest few are." : "");
    if (lines === null) list.replaceChildren();
    else explain(lines, session, batch);
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure;
    setText(text, failure.message);
    list.replaceChildren();
  }
}

/** @param {readonly string[]} lines @param {Session} session @param {Batch} batch */
function explain(lines, { pipeline: { separator } }, batch) {
  const { seq, intervalMs, time: end } = batch;
  const ended = Date.parse(end);
  const words = lines.flatMap((line) => line.split(separator));
  const groups = Map.groupBy(words, (word) => word);
  const until = clockTime(ended);
  list.replaceChildren(
    step(
      `${amount(lines.length, "line")} received`,
      `What came from ${clockTime(ended - intervalMs)} to ${until}. That is the micro-batch: all that arrives in one interval of ${duration(intervalMs)}, stamped with its end.`,
      lines.map((line) => quoted(line)),
    ),
    step(
      "lines.flatMap(split)",
      `Each line is split on ${JSON.stringify(separator)}: ${amount(words.length, "word")}.`,
      words.map((word) => quoted(word)),
    ),
    step(
      "words.map(pair)",
      "Each word becomes a pair with a one.",
      words.map((word) => `(${quoted(word)}, 1)`),
    ),
    step(
      "grouped by word",
      "The pairs of one word come together, wherever they stood.",
      [...groups].map(([word, all]) => `${quoted(word)}: ${all.map(() => 1).join(" + ")}`),
    ),
    step(
      "reduceByKey(add)",
      `The ones are summed up: the result of batch ${number(seq)}. The next batch begins at zero again.`,
      batch.counts.map(([word, count]) => `(${quoted(word)}, ${number(count)})`),
    ),
    step(
      "The DStream",
      "It rests on a sequence of RDDs, one for each batch time; this batch is one of them.",
      [seq - 1, seq, seq + 1]
        .filter((each) => each > 0)
        .map((each) => `RDD ${number(each)} @ ${clockTime(ended + (each - seq) * intervalMs)}`),
    ),
  );
}

/** @param {string} title @param {string} why @param {readonly string[]} parts */
function step(title, why, parts) {
  const item = make("li");
  const row = make("div", { className: "chips" });
  for (const each of parts) row.append(make("bdi", { text: each }));
  if (parts.length === 0) row.append(make("span", { text: "nothing", className: "hint" }));
  item.append(make("h3", { text: title }), make("p", { text: why, className: "hint" }), row);
  return item;
}

/** @param {string} word */
function quoted(word) {
  return word === "" ? "''" : `'${wordText(word)}'`;
}
