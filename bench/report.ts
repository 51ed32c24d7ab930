/** Puts measured figures into a page of prose: tables between its marks, and the plots beside it. @module */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Report, Row } from "./harness.ts";
import { plot, type Curves } from "./svg.ts";

const DOCS: string = join(import.meta.dirname, "../docs");
const PAGE: string = join(DOCS, "performance.md");
const PLOTS: string = join(DOCS, "performance");
const RESULTS: string = join(PLOTS, "results.json");

/** What a bench printed. Some have a version beside the rows of a result, some have curves. */
export interface Printed extends Omit<Report, "results" | "versions"> {
  readonly versions?: Report["versions"];
  readonly results: Readonly<Record<string, readonly Row[] | { readonly rows: readonly Row[] }>>;
  readonly curves?: readonly Curves[];
}

/** The newest of each bench, by its name. */
export type Results = Readonly<Record<string, Printed>>;

/** What was measured before; nothing where there is no file yet. */
export function readResults(): Results {
  try {
    return JSON.parse(readFileSync(RESULTS, "utf8")) as Results;
  } catch {
    return {};
  }
}

/** Keeps the results, draws their curves, and renews the page. */
export function writeReport(results: Results): void {
  mkdirSync(PLOTS, { recursive: true });
  writeFileSync(RESULTS, `${JSON.stringify(results, null, 1)}\n`);
  for (const { curves = [] } of Object.values(results))
    for (const one of curves) writeFileSync(join(PLOTS, fileOf(one)), plot(one));
  writeFileSync(PAGE, renew(readFileSync(PAGE, "utf8"), results));
}

/** Newer results in place of the older; of a bench that ran in part, the rest stays. */
export function merge(results: Results, printed: Printed): Results {
  const before = results[printed.bench]?.results ?? {};
  return { ...results, [printed.bench]: { ...printed, results: { ...before, ...printed.results } } };
}

/** The page with new text between each `<!-- bench NAME -->` and the next `<!-- end -->`; all else stays as it is. */
export function renew(page: string, results: Results): string {
  return page.replace(
    /(<!-- bench (\S+) -->\n)[^]*?(<!-- end -->)/g,
    (whole, begin: string, name: string, end: string) => {
      const printed = results[name];
      return printed === undefined ? whole : `${begin}\n${section(printed)}\n${end}`;
    },
  );
}

function section({ machine, versions = {}, results, curves = [], isAbsolute = false }: Printed): string {
  const tables = Object.entries(results).map(([title, found]) => {
    return table(title, "rows" in found ? found.rows : found, isAbsolute);
  });
  const plots = curves.map((one) => `![${one.title}](performance/${fileOf(one)})\n`);
  const programs = Object.entries(versions).flatMap(([name, version]) => {
    return version === undefined ? [] : [version.includes(name) ? version : `${name} ${version}`];
  });
  const where = `${String(machine["processor"])}, ${String(machine["cores"])} cores, ${String(machine["system"])}`;
  const busy = `load ${String((machine["load"] as readonly number[] | undefined)?.[0] ?? "unknown")} at the end`;
  const when = String(machine["at"]).slice(0, 10);
  return [...tables, ...plots, `*${[where, ...programs, busy, when].join("; ")}.*\n`].join("\n");
}

function table(title: string, rows: readonly Row[], isAbsolute: boolean): string {
  const keys = Object.keys(rows[0]?.median ?? {});
  const shown = (pair: readonly [string, string]): string[] => pair.slice(0, isAbsolute ? 1 : 2);
  const head = [title, ...keys.flatMap((key) => shown([key, `of ${rows[0]?.name ?? ""}`]))];
  const lines = rows.map((row) => [row.name, ...keys.flatMap((key) => shown(cells(row, key)))]);
  return `${[head, head.map((_, i) => (i === 0 ? "---" : "---:")), ...lines].map((cell) => `| ${cell.join(" | ")} |`).join("\n")}\n`;
}

/** The median, the least and the most of its rounds, and the ratio. */
function cells({ rounds, median, ofFirst }: Row, key: string): [value: string, ratio: string] {
  const value = median[key];
  if (value === undefined) return ["", ""];
  const all = rounds.map((one) => one[key] ?? 0);
  return [`${short(value)} (${short(Math.min(...all))}–${short(Math.max(...all))})`, short(ofFirst[key] ?? 0)];
}

function fileOf({ title }: Curves): string {
  return `${title.toLowerCase().replaceAll(" ", "-")}.svg`;
}

function short(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(2)));
}
