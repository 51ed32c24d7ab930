/** Prometheus's text format, version 0.0.4. @module */

import type { HistogramReading } from "../sessions/mod.ts";

/** The media type of {@link exposition}. */
export const EXPOSITION_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** A number, or durations. */
type Value = number | HistogramReading;

/** One of the values of a series, and its labels. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: Value;
}

/** What stands before its samples. */
export interface Series {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
}

/** A bound that a query may name: 1, 2.5 or 5 of a decade. The others are for finer looks, and would be four times the text. */
const COARSE = /^0*(?:1|25|5)0*$/;

/** A series as text. */
export function exposition({ name, type, help }: Series, samples: readonly Sample[]): string {
  const lines = samples.flatMap(({ labels, value }) =>
    typeof value === "number" ? [line(name, labels, value)] : histogram(name, labels, value),
  );
  return `# HELP ${name} ${escaped(help)}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

/** In seconds, as is the custom. */
function histogram(name: string, labels: Sample["labels"], { le, counts, count, sum }: HistogramReading): string[] {
  const buckets = le.flatMap((bound, i) =>
    COARSE.test(String(bound).replace(".", ""))
      ? [line(`${name}_bucket`, { ...labels, le: float(bound / 1000) }, counts[i] ?? 0)]
      : [],
  );
  return [
    ...buckets,
    line(`${name}_bucket`, { ...labels, le: "+Inf" }, count),
    line(`${name}_sum`, labels, sum / 1000),
    line(`${name}_count`, labels, count),
  ];
}

/** Prometheus writes a bound as a float, so that `le="1.0"` is the same everywhere. */
function float(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

function line(name: string, labels: Sample["labels"], value: number): string {
  const entries = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text).replaceAll('"', '\\"')}"`);
  const shown = entries.length === 0 ? "" : `{${entries.join(",")}}`;
  return `${name}${shown} ${value === Infinity ? "+Inf" : value}\n`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
