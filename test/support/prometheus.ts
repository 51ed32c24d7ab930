/** Reads Prometheus's text format more strictly than Prometheus does, and holds that against a parser of others. @module */

import parseByOthers from "parse-prometheus-text-format";
import { expect } from "vitest";

/** One line of a scrape. */
interface ScrapedSample {
  /** With `_bucket`, `_sum` or `_count` where it is of a histogram. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What was said of a series. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: readonly ScrapedSample[];
}

const NAME = "[a-z_:][a-z0-9_:]*";
const TEXT = String.raw`(?:[^"\\\n]|\\[\\n"])*`;
const HEAD = new RegExp(String.raw`^# HELP (${NAME}) ((?:[^\\\n]|\\[\\n])+)\n# TYPE \1 (counter|gauge|histogram)\n$`);
const LINE = new RegExp(
  String.raw`^(${NAME})(?:\{([a-z_]+="${TEXT}"(?:,[a-z_]+="${TEXT}")*)\})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|[+-]Inf|NaN)\n$`,
);

/** The families of a scrape, in order. Fails where the text is not what it should be. */
export function parseScrape(text: string): readonly Family[] {
  expect(text.endsWith("\n")).toBe(true);
  const parts = text.split(/(?=^# HELP )/m);
  const families = parts.map(parseFamily);
  const names = families.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const lines = families.flatMap(({ samples }) => samples.map(keyOf));
  expect(lines.filter((line, i) => lines.indexOf(line) !== i)).toEqual([]);
  for (const family of families) checkSamples(family);
  expect(parseByOthers(text).map(comparable)).toEqual(families.map(asOthersSay).map(comparable));
  return families;
}

function parseFamily(part: string): Family {
  const [help = "", type = "", ...lines] = part.split(/(?<=\n)/);
  const [, name, meaning, kind] = HEAD.exec(help + type) ?? [];
  expect([part.slice(0, 80), name]).toEqual([part.slice(0, 80), expect.any(String)]);
  return { name: name!, help: unescaped(meaning!), type: kind!, samples: lines.map(parseLine) };
}

function parseLine(line: string): ScrapedSample {
  const [, name, labels = "", value] = LINE.exec(line) ?? [];
  expect([line, name]).toEqual([line, expect.any(String)]);
  const pairs = [...labels.matchAll(new RegExp(`([a-z_]+)="(${TEXT})"`, "g"))];
  const entries = pairs.map(([, label, text]) => [label!, unescaped(text!)]);
  expect(new Set(entries.map(([label]) => label)).size).toBe(entries.length);
  const number = value === "+Inf" ? Infinity : value === "-Inf" ? -Infinity : Number(value);
  return { name: name!, labels: Object.fromEntries(entries) as Record<string, string>, value: number };
}

function unescaped(text: string): string {
  return text.replaceAll(/\\([\\n"])/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
}

function keyOf({ name, labels }: ScrapedSample): string {
  return (
    name +
    JSON.stringify(
      labels,
      Object.keys(labels).toSorted((a, b) => (a < b ? -1 : 1)),
    )
  );
}

function checkSamples({ name, type, samples }: Family): void {
  expect([name, samples.length > 0]).toEqual([name, true]);
  if (type === "histogram") {
    checkHistograms(name, samples);
    return;
  }
  expect(samples.filter((sample) => sample.name !== name)).toEqual([]);
  expect([name, name.endsWith("_total")]).toEqual([name, type === "counter"]);
  if (type === "counter") expect(samples.filter(({ value }) => !(value >= 0))).toEqual([]);
}

/** One for each set of the other labels: buckets that rise to +Inf, which is the count; a sum. */
function checkHistograms(name: string, samples: readonly ScrapedSample[]): void {
  const byLabels = Map.groupBy(samples, ({ labels }) => JSON.stringify({ ...labels, le: undefined }));
  for (const each of byLabels.values()) {
    const buckets = each.slice(0, -2);
    const les = buckets.map(({ labels }) => labels["le"]!);
    const bounds = les.map((le) => (le === "+Inf" ? Infinity : Number(le)));
    expect(les.filter((le) => !/^(?:\d+\.\d+|\+Inf)$/.test(le))).toEqual([]);
    expect(bounds.at(-1)).toBe(Infinity);
    expect(bounds.toSorted((a, b) => a - b)).toEqual(bounds);
    const counts = buckets.map(({ value }) => value);
    expect(counts.toSorted((a, b) => a - b)).toEqual(counts);
    const [sum, count] = each.slice(-2);
    expect(each.map((sample) => sample.name)).toEqual([
      ...buckets.map(() => `${name}_bucket`),
      `${name}_sum`,
      `${name}_count`,
    ]);
    expect(count!.value).toBe(counts.at(-1));
    expect([name, sum!.value >= 0]).toEqual([name, true]);
  }
}

/** What is to be compared of a family: the parser of others throws the labels of histograms together. */
function comparable<T extends object>({ name, help, type, metrics }: Compared<T>): object {
  const isMerged = type === "HISTOGRAM" && !("sum" in (metrics[0] ?? {}));
  return { name, help, type, ...(!isMerged && { metrics }) };
}

interface Compared<T> {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly metrics: readonly T[];
}

/** A family in the form that the parser of others gives it. */
function asOthersSay({ name, help, type, samples }: Family): Compared<object> {
  const metrics = type === "histogram" ? histogramOf(samples) : samples.map(plainOf);
  return { name, help, type: type.toUpperCase(), metrics };
}

function plainOf({ labels, value }: ScrapedSample): object {
  return { ...(Object.keys(labels).length > 0 && { labels }), value: textOf(value) };
}

function histogramOf(samples: readonly ScrapedSample[]): object[] {
  const [sum, count] = samples.slice(-2);
  if (Object.keys(count!.labels).length > 0) return [{}];
  const buckets = samples.slice(0, -2).map(({ labels: { le }, value }) => [le!, textOf(value)]);
  return [{ buckets: Object.fromEntries(buckets) as object, count: textOf(count!.value), sum: textOf(sum!.value) }];
}

function textOf(value: number): string {
  return value === Infinity ? "+Inf" : String(value);
}

/** The value of a sample of these labels and no others; fails where there is none. */
export function valueOf(
  families: readonly Family[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const wanted = keyOf({ name, labels, value: 0 });
  const found = families.flatMap(({ samples }) => samples).find((sample) => keyOf(sample) === wanted);
  expect([wanted, found !== undefined]).toEqual([wanted, true]);
  return found!.value;
}
