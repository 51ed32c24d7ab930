import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LIMIT_ENTRIES, type Limit } from "../src/limits.ts";

const KIB = 1024;
const DAY_MS = 24 * 3_600_000;

/** A number as people read it. */
const grouped = (value: number): string => String(value).replaceAll(/\B(?=(?:\d{3})+$)/g, value < 10_000 ? "" : " ");

/** A value and its unit as people read them. */
function amountOf({ value, unit, shown }: Limit): string {
  if (value === null) return shown ?? "";
  if (unit === "bytes") return value % KIB ** 2 === 0 ? `${value / KIB ** 2} MiB` : `${value / KIB} KiB`;
  if (unit === "ms") return value % DAY_MS === 0 ? `${value / DAY_MS} days` : `${value / 1000} s`;
  return `${grouped(value)} ${unit}`;
}

test("ARCHITECTURE.md has the bounds of the service, each as it is", async () => {
  const text = await readFile(join(import.meta.dirname, "../ARCHITECTURE.md"), "utf8");
  const section = text.slice(text.indexOf("\n## Bounds\n"), text.indexOf("\n## Dependencies\n"));
  const rows = section.split("\n").filter((line) => line.startsWith("| `"));
  const wanted = LIMIT_ENTRIES.map(
    ([name, limit]) => `| \`${name}\` | ${amountOf(limit)} ${limit.of} | ${limit.consequence} |`,
  );
  expect(rows).toEqual(wanted);
});
