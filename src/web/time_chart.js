/** One measure over the batches' times, with its histogram at the side and, where there is one, its limit. @module */

import { clockTime } from "./amounts.js";
import { colour } from "./canvas.js";
import { make, setText } from "./elements.js";
import { drawHistogram } from "./histogram.js";

/**
 * What a chart shows; with `log` each step up the scale is ten times the one before.
 * @typedef {{ title: string, log: boolean, write: (value: number) => string }} Measure
 */

const HEIGHT = 130;
/** Where the plot of a chart is, so that the histogram stands beside it. */
const AXIS_X = 26;
const AXIS_Y = 58;
/** The smallest value a logarithmic scale shows. */
const LEAST = 0.1;
const FONT = "11px system-ui, sans-serif";

/** A chart within `box`. */
export class TimeChart {
  #measure;
  #place = make("div", { className: "chart-plot" });
  #histogram = make("canvas");
  #now = make("span", { className: "hint" });
  /** @type {import("uplot") | undefined} */
  #plot;
  #most = 1;
  /** @type {{ times: readonly number[], values: readonly number[] }} */
  #shown = { times: [], values: [] };

  /**
   * @param {HTMLElement} box
   * @param {Measure} measure
   */
  constructor(box, measure) {
    this.#measure = measure;
    const chart = make("div", { className: "chart" });
    const head = make("h3", { text: `${measure.title} ` });
    head.append(this.#now);
    this.#histogram.setAttribute("aria-hidden", "true");
    this.#place.setAttribute("role", "img");
    const row = make("div", { className: "chart-row" });
    row.append(this.#place, this.#histogram);
    chart.append(head, row);
    box.append(chart);
  }

  /** The width is another. */
  fit() {
    this.#plot?.setSize({ width: this.#width(), height: HEIGHT });
  }

  /** The colours are others. */
  renew() {
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  /**
   * @param {readonly number[]} times in s
   * @param {readonly number[]} values
   * @param {number | null} limit drawn as a broken line
   */
  draw(times, values, limit) {
    const { log, title, write } = this.#measure;
    this.#most = Math.max(log ? 1 : 4, (limit ?? 0) * 1.6, ...values);
    const last = values.at(-1);
    const now = last === undefined ? "" : write(last);
    this.#shown = { times, values };
    this.#point(null);
    const greatest = values.length === 0 ? "" : `, at most ${write(Math.max(...values))}`;
    this.#place.setAttribute("aria-label", now === "" ? `${title}: nothing yet` : `${title}: ${now}${greatest}`);
    const shown = log ? values.map((value) => Math.max(LEAST, value)) : values;
    const limits = times.map(() => limit);
    const plot = (this.#plot ??= this.#open());
    plot.setData([[...times], [...shown], limits]);
    drawHistogram(this.#histogram, { values: shown, place: (value) => this.#share(value) });
  }

  /** Writes the value that is pointed at, else the newest. @param {number | null} place */
  #point(place) {
    const { times, values } = this.#shown;
    const value = values[place ?? values.length - 1];
    const at = place === null ? undefined : times[place];
    const text = value === undefined ? "" : this.#measure.write(value);
    setText(this.#now, at === undefined ? text : `${text} at ${clockTime(at * 1000)}`);
  }

  /** Where on the height a value is. @param {number} value */
  #share(value) {
    if (!this.#measure.log) return value / this.#most;
    return Math.log10(value / LEAST) / Math.log10(this.#top() / LEAST);
  }

  /** Of a logarithmic scale, a power of ten. */
  #top() {
    return 10 ** Math.ceil(Math.log10(this.#most));
  }

  #width() {
    return Math.max(80, this.#place.clientWidth);
  }

  #open() {
    const { log, write } = this.#measure;
    const filter = log ? tensOnly : all;
    const [ink, grid] = [colour("faint"), { stroke: colour("line"), width: 1 }];
    /** @type {import("uplot").Options} */
    const options = {
      width: this.#width(),
      height: HEIGHT,
      padding: [8, 6, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
      hooks: { setCursor: [({ cursor }) => this.#point(cursor.idx ?? null)] },
      select: { show: false, left: 0, top: 0, width: 0, height: 0 },
      scales: {
        x: { time: true },
        y: log ? { distr: 3, range: () => [LEAST, this.#top()] } : { range: () => [0, this.#most * 1.02] },
      },
      axes: [
        {
          stroke: ink,
          grid: { show: false },
          ticks: grid,
          size: AXIS_X,
          font: FONT,
          space: 90,
          values: (_, splits) => splits.map((at) => clockTime(at * 1000)),
        },
        {
          stroke: ink,
          grid: { ...grid, filter },
          ticks: { ...grid, filter },
          filter,
          size: AXIS_Y,
          font: FONT,
          space: 26,
          values: (_, splits) => splits.map((value) => (value === null ? "" : write(value))),
        },
      ],
      series: [
        {},
        { stroke: colour("accent"), width: 2, points: { show: false } },
        { stroke: colour("warn"), width: 1.5, dash: [6, 4], points: { show: false } },
      ],
    };
    return new uPlot(options, [[], [], []], this.#place);
  }
}

/** @param {unknown} _plot @param {number[]} splits */
function all(_plot, splits) {
  return splits;
}

/**
 * Of a logarithmic scale, the powers of ten.
 * @param {unknown} _plot
 * @param {readonly number[]} splits
 */
function tensOnly(_plot, splits) {
  return splits.map((value) => (Number.isInteger(Math.round(Math.log10(value) * 1e6) / 1e6) ? value : null));
}
