import { describe, expect, test } from "vitest";
import { merge, renew, type Printed } from "../../bench/report.ts";
import { plot } from "../../bench/svg.ts";

const row = (name: string, speeds: number[], ratio: number): { [key: string]: unknown } => ({
  name,
  rounds: speeds.map((speed) => ({ "MB/s": speed })),
  median: { "MB/s": speeds[1] },
  ofFirst: { "MB/s": ratio },
});
const printed = {
  bench: "engine",
  machine: { system: "Linux 6", processor: "A Processor", cores: 2, load: [0.5, 0, 0], at: "2026-01-02T03:04:05.000Z" },
  versions: { gcc: "gcc 12", node: "v24", bun: undefined },
  results: { zipf: [row("C", [400, 500, 600], 1), row("naive", [9, 10, 11], 0.02)] },
} as unknown as Printed;

describe("renew", () => {
  const page =
    "# Title\n\nProse before.\n\n<!-- bench engine -->\nold\n<!-- end -->\n\nProse after.\n\n<!-- bench start -->\nkept\n<!-- end -->\n";

  test("writes the tables between a bench's marks and keeps the prose", () => {
    const renewed = renew(page, { engine: printed });
    expect(renewed).toContain(
      "| zipf | MB/s | of C |\n| --- | ---: | ---: |\n| C | 500 (400–600) | 1 |\n| naive | 10 (9–11) | 0.02 |",
    );
    expect(renewed).toContain("*A Processor, 2 cores, Linux 6; gcc 12; node v24; load 0.5 at the end; 2026-01-02.*");
    expect(renewed).toMatch(/^# Title\n\nProse before\.\n\n<!-- bench engine -->\n/);
    expect(renewed.slice(renewed.indexOf("<!-- end -->"))).toBe(page.slice(page.indexOf("<!-- end -->")));
    expect(renewed).not.toContain("old");
  });

  test("gives the same when it is done again", () => {
    const once = renew(page, { engine: printed });
    expect(renew(once, { engine: printed })).toBe(once);
  });

  test("shows no ratios of figures that have bounds of their own", () => {
    expect(renew(page, { engine: { ...printed, isAbsolute: true } })).toContain(
      "| zipf | MB/s |\n| --- | ---: |\n| C | 500 (400–600) |\n| naive | 10 (9–11) |\n",
    );
  });

  test("takes rows that have a version beside them", () => {
    const { zipf = [] } = printed.results;
    const other = { ...printed, results: { node: { version: "v24", rows: zipf } } } as unknown as Printed;
    expect(renew(page, { engine: other })).toContain("| node | MB/s | of C |");
  });
});

test("merge keeps what a bench that ran in part did not measure", () => {
  const part = { ...printed, results: { "five lines": [] } };
  const merged = merge({ engine: printed }, part);
  expect(Object.keys(merged["engine"]?.results ?? {})).toEqual(["zipf", "five lines"]);
});

test("plot places points on logarithmic axes, and escapes what it is told", () => {
  const points = [1, 10, 100].map((x) => [x, x] as const);
  const svg = plot({ title: "a < b", x: "x & y", y: "y", series: [{ name: "one", points }] });
  expect(svg).toContain("a &lt; b");
  expect(svg).toContain("x &amp; y");
  expect(svg).toContain('points="64,312 332,188 600,64"');
  expect(svg).toContain("prefers-color-scheme:dark");
});
