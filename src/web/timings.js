/** Spark's four time lines: input rate, scheduling delay, processing time, total delay; and whether it keeps up. @module */

import { duration, fineDuration, rate } from "./amounts.js";
import { onColours, onWidth } from "./canvas.js";
import { part, setText } from "./elements.js";
import { TimeChart } from "./time_chart.js";

/** @typedef {import("./wire.js").Batch} Batch */

const box = part("timings", HTMLElement);
const verdict = part("keeps-up", HTMLElement);
/** @type {[import("./time_chart.js").Measure, (batch: Batch) => number, limited: boolean][]} */
const MEASURES = [
  [{ title: "Input rate", log: false, write: rate }, rateOf, false],
  [{ title: "Scheduling delay", log: true, write: fineDuration }, ({ delays }) => delays.schedulingMs, true],
  [{ title: "Processing time", log: true, write: fineDuration }, ({ delays }) => delays.processingMs, true],
  [{ title: "Total delay", log: true, write: fineDuration }, ({ delays }) => delays.totalMs, true],
];
/** @type {TimeChart[]} */
const charts = [];
/** @type {readonly Batch[] | undefined} */
let shown;

/** @param {() => void} changed called when they must be drawn again */
export function offerTimings(changed) {
  for (const [measure] of MEASURES) charts.push(new TimeChart(box, measure));
  onColours(() => again((chart) => chart.renew(), changed));
  onWidth(box, () => again((chart) => chart.fit(), changed));
}

/** @param {(chart: TimeChart) => void} adapt @param {() => void} changed */
function again(adapt, changed) {
  for (const chart of charts) adapt(chart);
  shown = undefined;
  changed();
}

/**
 * @param {readonly Batch[]} recent oldest first
 * @param {number} intervalMs of the session
 */
export function showTimings(recent, intervalMs) {
  if (recent === shown || box.clientWidth === 0) return;
  shown = recent;
  showVerdict(recent, intervalMs);
  const times = recent.map(({ time }) => Date.parse(time) / 1000);
  for (const [place, [, of, limited]] of MEASURES.entries())
    charts[place]?.draw(times, recent.map(of), limited ? intervalMs : null);
}

/**
 * As Spark's page has it: stable is who needs less than the interval.
 * @param {readonly Batch[]} recent
 * @param {number} intervalMs
 */
function showVerdict(recent, intervalMs) {
  const last = recent.at(-1);
  if (last === undefined) {
    setText(verdict, "");
    return;
  }
  const keeps = last.delays.totalMs < intervalMs;
  const share = `${fineDuration(last.delays.totalMs)} of ${duration(intervalMs)}`;
  setText(verdict, keeps ? `Keeps up: ${share}` : `Falls behind: ${share}`);
  verdict.dataset["state"] = keeps ? "running" : "failed";
}

/** @param {Batch} batch */
function rateOf({ lines, intervalMs }) {
  return intervalMs === 0 ? 0 : (1000 * lines) / intervalMs;
}
