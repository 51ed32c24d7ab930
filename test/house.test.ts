import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, normalize, relative } from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const SRC = join(ROOT, "src");

/** The floor of each folder and of each file that is in none, as ARCHITECTURE.md has them. */
const FLOORS: Readonly<Record<string, number>> = {
  ...{
    "limits.ts": 0.5,
    "addresses.ts": 1,
    "clock.ts": 1,
    "errors.ts": 1,
    "log.ts": 1,
    "networks.ts": 1.2,
    "safe_text.ts": 1,
    "runtime.ts": 1,
    "version.ts": 1,
    client: 1,
    "timetable.ts": 1.5,
  },
  ...{ engine: 2, front: 3, sessions: 3, http: 4, sources: 4, storage: 4, files: 4 },
  ...{
    config: 5,
    "logging.ts": 5,
    "log_writer.ts": 5.2,
    "credentials.ts": 5.2,
    "page.ts": 5,
    "rooms.ts": 5.5,
    "service.ts": 6,
    "mod.ts": 6,
  },
  ...{ runtimes: 7, cli: 8, "cli.ts": 9, "node.ts": 10, "deno.ts": 10, "bun.ts": 10, "launch.js": 10 },
};
const MAX_CODE_LINES = 200;

interface File {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const files: File[] = await Promise.all(
  (await readdir(SRC, { recursive: true }))
    .filter((path) => /\.(?:ts|js)$/.test(path) && !/^(?:web|kernel)\//.test(path))
    .map(async (path) => {
      const text = await readFile(join(SRC, path), "utf8");
      const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(([, specifier]) => specifier!);
      const imports = specifiers
        .filter((specifier) => specifier.startsWith("."))
        .map((specifier) => relative(SRC, normalize(join(SRC, dirname(path), specifier))));
      return { path, text, imports };
    }),
);

const homeOf = (path: string): string => path.split("/")[0]!;
const inHouse = ({ imports }: File): string[] => imports.filter((path) => !path.startsWith(".."));

describe("the house", () => {
  test("has every file on a floor", () => {
    expect(files.map(({ path }) => homeOf(path)).filter((home) => FLOORS[home] === undefined)).toEqual([]);
  });

  test("imports down the floors and through doors only", () => {
    const wrong = files.flatMap((file) =>
      inHouse(file)
        .filter((path) => homeOf(path) !== homeOf(file.path))
        .filter((path) => {
          const isDoor = /\/mod\.[jt]s$/.test(path);
          const door = !path.includes("/") || isDoor || FLOORS[homeOf(path)]! >= 7;
          return FLOORS[homeOf(path)]! >= FLOORS[homeOf(file.path)]! || !door;
        })
        .map((path) => `${file.path} -> ${path}`),
    );
    expect(wrong).toEqual([]);
  });

  test("has no file that imports the door of its own folder, and no circle", () => {
    const byPath = new Map(files.map((file) => [file.path, inHouse(file)]));
    const circles: string[] = [];
    const done = new Set<string>();
    const visit = (path: string, way: readonly string[]): void => {
      if (way.includes(path)) circles.push([...way, path].join(" -> "));
      else if (!done.has(path)) for (const next of byPath.get(path) ?? []) visit(next, [...way, path]);
      done.add(path);
    };
    for (const { path } of files) visit(path, []);
    const ownDoor = files.filter((file) => inHouse(file).includes(join(dirname(file.path), "mod.ts")));
    expect([circles, ownDoor.map(({ path }) => path)]).toEqual([[], []]);
  });

  test("reads time in clock.ts only, and the client, which stands alone, in a file of its own", () => {
    const reads = /Date\.now|new Date\(\)|performance\.now|setTimeout|setInterval|setImmediate/;
    const code = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    const readers = files.filter(({ text }) => reads.test(code(text))).map(({ path }) => path);
    expect(readers.toSorted()).toEqual(["client/timers.js", "clock.ts"]);
  });

  test("opens sockets, servers, threads and processes where it hears that they fail, and nowhere else", () => {
    const opens =
      /\b(?:createServer|connect|createConnection|spawn|fork)\(|new (?:WebSocketServer|Worker|Thread|Socket)\(/;
    const modules = /"(?:node:(?:net|http|http2|https|tls|dgram|child_process|worker_threads)|ws)"/;
    const openers = files.filter(({ text }) => modules.test(text) && opens.test(text));
    expect(openers.map(({ path }) => path).toSorted()).toEqual([
      "runtimes/node.ts",
      "runtimes/node_websocket.ts",
      "sources/audience.ts",
      "sources/listen_source.ts",
      "sources/socket.ts",
      "storage/sqlite/writer.ts",
    ]);
    // One that nobody hears ends the process. What each does then, test/proof/faults.test.ts tries.
    expect(openers.filter(({ text }) => !/\.on\("error",/.test(text)).map(({ path }) => path)).toEqual([]);
  });

  test("has small files that say what they are", () => {
    const codeLines = (text: string): number =>
      text.split("\n").filter((line) => !/^\s*(?:\/\/|\*|\/\*|$)/.test(line)).length;
    expect(files.filter(({ text }) => codeLines(text) > MAX_CODE_LINES).map(({ path }) => path)).toEqual([]);
    expect(files.filter(({ text }) => !/^(?:#!.*\n)?\/\*\* .+/.test(text)).map(({ path }) => path)).toEqual([]);
  });

  test("depends on what ARCHITECTURE.md gives a reason for", async () => {
    const { dependencies } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as { dependencies: object };
    const architecture = await readFile(join(ROOT, "ARCHITECTURE.md"), "utf8");
    const reasons = new Set([...architecture.matchAll(/^- `([^`]+)`: /gm)].map(([, name]) => name));
    expect(Object.keys(dependencies).filter((name) => !reasons.has(name))).toEqual([]);
  });
});

describe("the lint rules", () => {
  test.each([
    ["src/engine/a.ts", 'import "../http/mod.ts";', "no-restricted-imports"],
    ["src/engine/a.ts", 'import "hono";', "no-restricted-imports"],
    ["src/engine/a.ts", "export const t: number = Date.now();", "no-restricted-properties"],
    ["src/engine/a.ts", "export const t: unknown = process.env;", "no-restricted-globals"],
    ["src/sessions/a.ts", 'import "../engine/lines.ts";', "no-restricted-imports"],
    ["src/sessions/a.ts", 'import "../storage/mod.ts";', "no-restricted-imports"],
    ["src/sessions/a.ts", 'import "node:fs";', "no-restricted-imports"],
    ["src/http/a.ts", 'import "node:http";', "no-restricted-imports"],
    ["src/http/a.ts", 'import "../sessions/log.ts";', "no-restricted-imports"],
    ["src/sources/a.ts", 'import "../http/mod.ts";', "no-restricted-imports"],
    ["src/front/a.ts", 'import "../sessions/mod.ts";', "no-restricted-imports"],
    ["src/front/a.ts", 'import "hono";', "no-restricted-imports"],
    ["src/service.ts", 'import "./http/app.ts";', "no-restricted-imports"],
    ["src/clock.ts", 'import "./errors.ts";', "no-restricted-imports"],
    ["src/client/a.js", 'import "../clock.ts";', "no-restricted-imports"],
    ["src/client/a.js", 'import "node:crypto";', "no-restricted-imports"],
    ["src/client/a.js", "export const t = setTimeout(() => {}, 1);", "no-restricted-globals"],
    ["src/sessions/a.ts", 'import "../client/mod.js";', "no-restricted-imports"],
    ["src/cli/a.ts", 'import "../client/follow.js";', "no-restricted-imports"],
    ["src/cli/a.ts", "export const t: unknown = setTimeout(() => {}, 1);", "no-restricted-globals"],
  ])("catch in %s: %s", async (path, code, rule) => {
    const dir = await mkdtemp(join(tmpdir(), "sluice-lint-"));
    const config = JSON.parse(await readFile(join(ROOT, ".oxlintrc.json"), "utf8")) as object;
    await writeFile(join(dir, ".oxlintrc.json"), JSON.stringify({ ...config, $schema: undefined, options: {} }));
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), `${code}\n`);
    const output = await new Promise<string>((resolve) => {
      execFile(join(ROOT, "node_modules/.bin/oxlint"), ["src"], { cwd: dir }, (_failure, stdout) => resolve(stdout));
    });
    expect(output).toContain(rule);
  });
});
