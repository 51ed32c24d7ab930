import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { SERIES } from "../src/http/series.ts";
import { readQuery } from "./support/promql.ts";

const ROOT = join(import.meta.dirname, "..");

/** What Prometheus itself adds: whether a scrape went well, and where from. */
const OWN_METRICS = ["up"];
const OWN_LABELS = ["job", "instance"];

/** Every name that a query may ask for, with its labels and their values. */
const ASKABLE: ReadonlyMap<string, Readonly<Record<string, readonly string[]>>> = new Map([
  ...OWN_METRICS.map((name) => [name, {}] as const),
  ...SERIES.flatMap(({ name, type, labels }) =>
    type === "histogram"
      ? [
          [`${name}_bucket`, { ...labels, le: [] }] as const,
          ...["sum", "count"].map((part) => [`${name}_${part}`, labels] as const),
        ]
      : [[name, labels] as const],
  ),
]);

/** What is wrong with an expression: its grammar, or what is not in the table of series. */
function faultsOf(expression: string): readonly string[] {
  const { asked, grouped, faults } = readQuery(expression);
  const ofNames = asked.flatMap(({ metric, matched }) => {
    const labels = ASKABLE.get(metric);
    if (labels === undefined) return [`${metric} is no series`];
    const isKnown = ([label, value]: readonly [string, string]): boolean =>
      OWN_LABELS.includes(label) || labels[label]?.includes(value) === true;
    return matched.filter((each) => !isKnown(each)).map((each) => `${metric} has no ${each.join("=")}`);
  });
  const labels = new Set([...OWN_LABELS, ...asked.flatMap(({ metric }) => Object.keys(ASKABLE.get(metric) ?? {}))]);
  const ofGroups = grouped.filter((label) => !labels.has(label)).map((label) => `nothing has a label ${label}`);
  return [...faults, ...ofNames, ...ofGroups, ...(asked.length === 0 ? ["it asks for nothing"] : [])];
}

test.each([
  ["sum by (state) (sluice_sessions)", 0],
  ['histogram_quantile(0.99, sum by (le) (rate(sluice_commit_seconds_bucket{job="a"}[5m])))', 0],
  ["sluice_session", 1],
  ["sluice_commit_seconds", 1],
  ["sum(sluice_sessions", 1],
  ['sluice_sessions{state="runing"}', 1],
  ["sum by (transprot) (sluice_followers)", 1],
  ["1 > 0", 1],
])("the check finds in %j %i faults", (expression, faults) => {
  expect(faultsOf(expression).slice(0, 1)).toHaveLength(faults);
});

interface Place {
  readonly h: number;
  readonly w: number;
  readonly x: number;
  readonly y: number;
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: Place;
  readonly datasource?: { readonly type: string; readonly uid: string };
  readonly fieldConfig?: { readonly defaults: { readonly unit: string } };
  readonly targets?: readonly {
    readonly refId: string;
    readonly expr: string;
    readonly datasource: { readonly uid: string };
  }[];
}

interface Variable {
  readonly name: string;
  readonly type: string;
  readonly definition?: string;
}

interface Dashboard {
  readonly title: string;
  readonly uid: string;
  readonly schemaVersion: number;
  readonly time: { readonly from: string; readonly to: string };
  readonly templating: { readonly list: readonly Variable[] };
  readonly panels: readonly Panel[];
}

const dashboard = JSON.parse(await readFile(join(ROOT, "examples/grafana-dashboard.json"), "utf8")) as Dashboard;
const charts = dashboard.panels.filter(({ type }) => type !== "row");
const targets = charts.flatMap(({ targets: each = [] }) => each);

describe("the dashboard", () => {
  test("is one for Grafana: its essentials are there, and no id is there twice", () => {
    expect(dashboard).toMatchObject({ title: "Sluice", uid: "sluice", time: { from: "now-1h", to: "now" } });
    expect(Number.isInteger(dashboard.schemaVersion) && dashboard.schemaVersion >= 36).toBe(true);
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(dashboard.panels.map(({ type }) => type))).toEqual(new Set(["row", "stat", "timeseries"]));
    for (const { title, datasource, fieldConfig, targets: each = [] } of charts) {
      expect([title, datasource]).toEqual([title, { type: "prometheus", uid: "${datasource}" }]);
      expect([title, typeof fieldConfig?.defaults.unit, each.length > 0]).toEqual([title, "string", true]);
      const letters = each.map(({ refId }) => refId);
      expect([title, new Set(letters).size]).toEqual([title, letters.length]);
    }
  });

  test("has panels that fit the grid of 24, none above another", () => {
    const taken = new Set<string>();
    for (const { title, gridPos } of dashboard.panels) {
      const { x, y, w, h } = gridPos;
      expect([title, x >= 0 && y >= 0 && w > 0 && h > 0 && x + w <= 24]).toEqual([title, true]);
      for (let column = x; column < x + w; column++)
        for (let line = y; line < y + h; line++) {
          expect([title, taken.has(`${column} ${line}`)]).toEqual([title, false]);
          taken.add(`${column} ${line}`);
        }
    }
  });

  test("asks for nothing that there is not, with variables that it has", () => {
    const { list } = dashboard.templating;
    const names = new Set(list.map(({ name }) => name));
    for (const { expr, datasource } of targets) {
      expect([expr, faultsOf(expr)]).toEqual([expr, []]);
      const used = [...`${expr} ${datasource.uid}`.matchAll(/\$\{?(\w+)/g)].map(([, name]) => name!);
      expect(used.filter((name) => !names.has(name) && name !== "__rate_interval")).toEqual([]);
    }
    const asked = list.flatMap(({ definition = "" }) => /^label_values\((.*), \w+\)$/.exec(definition)?.[1] ?? []);
    expect(asked.map(faultsOf)).toEqual(asked.map(() => []));
    expect(list.map(({ type }) => type)).toEqual(["datasource", "query", "query"]);
  });

  test("shows every series", () => {
    const shown = new Set(targets.flatMap(({ expr }) => readQuery(expr).asked.map(({ metric }) => metric)));
    const missing = SERIES.filter(({ name }) => !shown.has(name) && !shown.has(`${name}_bucket`));
    // It is there to be asked for what the variables may be.
    expect(missing.map(({ name }) => name)).toEqual(["sluice_build_info"]);
  });
});

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string };
}

test("docs/alerts.yml has rules, each with a name of its own, that ask for nothing that there is not", async () => {
  const text = await readFile(join(ROOT, "docs/alerts.yml"), "utf8");
  const { groups } = parse(text) as { groups: readonly { name: string; rules: readonly Rule[] }[] };
  const rules = groups.flatMap((group) => group.rules);
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  expect(rules.length).toBeGreaterThan(5);
  for (const { alert, expr, labels, annotations } of rules) {
    expect([alert, faultsOf(expr)]).toEqual([alert, []]);
    expect(alert).toMatch(/^Sluice[A-Z]\w+$/);
    expect(["warning", "critical"]).toContain(labels.severity);
    expect(annotations.summary.length).toBeGreaterThan(10);
  }
});
