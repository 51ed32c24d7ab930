import { execFile } from "node:child_process";
import { copyFile, cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { RUNTIMES, type RuntimeName } from "../runtime/server.ts";
import { Command } from "../support/command.ts";

const ROOT = join(import.meta.dirname, "../..");
const bin = (name: string): string => join(ROOT, "node_modules/.bin", name);
const run = promisify(execFile);

vi.setConfig({ testTimeout: 60_000, hookTimeout: 180_000 });

/** A folder of a user's, where nothing was but the package. */
let home = "";
const started: Command[] = [];
/** The files it is made of, and what the making left. */
const checkout: Record<"before" | "after", Record<string, string>> = { before: {}, after: {} };

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "sluice-package-"));
  // In a copy: package.json is another one meanwhile.
  const copy = await mkdtemp(join(tmpdir(), "sluice-checkout-"));
  for (const name of PACKED) await cp(join(ROOT, name), join(copy, name), { recursive: true });
  await symlink(join(ROOT, "node_modules"), join(copy, "node_modules"));
  checkout.before = await contents(copy);
  await run("npm", ["pack", "--pack-destination", home], { cwd: copy });
  checkout.after = await contents(copy);
  await rm(copy, { recursive: true });
  await writeFile(join(home, "package.json"), '{ "private": true, "type": "module" }\n');
  const quietly = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
  await run("npm", ["install", `./sluice-${(await manifest(ROOT)).version}.tgz`, ...quietly], { cwd: home });
  for (const name of ["network_word_count", "stateful_word_count"])
    await copyFile(join(ROOT, `examples/${name}.ts`), join(home, `${name}.ts`));
  await writeFile(join(home, "follow.js"), FOLLOWER);
});

afterAll(async () => {
  for (const { child } of started) child.kill("SIGKILL");
  await Promise.all(started.map(({ ended }) => ended));
  await rm(home, { recursive: true, force: true });
});

/** A program that follows a session to its end. */
const FOLLOWER = `import { follow } from "sluice/client";
const [url, transport] = process.argv.slice(2);
let lines = 0;
for await (const event of follow(url, { since: "earliest", transport })) if (event.type === "batch") lines += event.lines;
console.log("lines: " + lines);
`;

/** What of a checkout goes into the package, or makes it. */
const PACKED = [".ci", "src", "package.json", "tsconfig.json", "README.md", "CHANGELOG.md", "LICENSE"];

/** The files of a folder, but for installed ones. */
async function contents(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = paths.map(async (path): Promise<[string, string]> => [path, await readFile(path, "utf8")]);
  return Object.fromEntries(await Promise.all(texts));
}

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

async function manifest(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Manifest;
}

const DENO = ["run", "--no-prompt", "--allow-net=127.0.0.1", "--allow-read=.", "--allow-write=.", "--allow-env"];
/** How each runtime runs the installed command, and a program that imports the library. */
const PROGRAMS: Readonly<Record<RuntimeName, { sluice: readonly string[]; program: readonly string[] }>> = {
  node: { sluice: ["node_modules/.bin/sluice"], program: [process.execPath] },
  deno: { sluice: [bin("deno"), ...DENO, "npm:sluice"], program: [bin("deno"), ...DENO] },
  bun: { sluice: [bin("bun"), "node_modules/.bin/sluice"], program: [bin("bun")] },
};

/** The command's first line asks for the first `node` there is: that is to be ours. */
const PATH = [dirname(process.execPath), process.env["PATH"]].join(delimiter);

function start(program: readonly string[], args: readonly string[]): Command {
  const command = new Command(args, { program, cwd: home, env: { PATH } });
  started.push(command);
  return command;
}

/** How often each word is in the lines an emitter said, or in the batches a program printed. */
function countWords(text: string, pattern: RegExp): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [, words = "", count = "1"] of text.matchAll(pattern)) {
    for (const word of words.split(" ")) counts.set(word, (counts.get(word) ?? 0) + Number(count));
  }
  return counts;
}

/** Paths of all files below a folder. */
async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

describe("the package", () => {
  test("has JavaScript, the types of what it exports, the kernel, the page and the API's descriptions, and nothing else", async () => {
    const paths = await filesOf(join(home, "node_modules/sluice"));
    const others = paths.filter((path) => !/^dist\/src\/(?!web\/).*\.(?:js|d\.ts)$/.test(path));
    const page = (await filesOf(join(ROOT, "src/web"))).filter((name) => name !== "tsconfig.json");
    expect(others.toSorted()).toEqual(
      [
        "CHANGELOG.md",
        "LICENSE",
        "README.md",
        "package.json",
        "dist/package.json",
        "dist/src/engine/kernel.wasm",
        "dist/src/openapi.json",
        "dist/src/asyncapi.json",
      ]
        .concat(page.map((name) => `dist/src/web/${name}`))
        .toSorted(),
    );
    expect(paths).toContain("dist/src/mod.d.ts");
  });

  test("leaves the checkout as it was", () => {
    expect(Object.keys(checkout.after).length).toBeGreaterThan(100);
    expect(checkout.after).toEqual(checkout.before);
  });

  test("brings its dependencies, and none of the checkout's tools", async () => {
    const { dependencies, version } = await manifest(ROOT);
    const { packages } = JSON.parse(await readFile(join(home, "package-lock.json"), "utf8")) as {
      packages: Record<string, { version?: string }>;
    };
    const installed = Object.entries(packages).map(([path, entry]) => [path, entry.version]);
    expect(Object.fromEntries(installed)).toEqual({
      "": undefined,
      "node_modules/sluice": version,
      ...Object.fromEntries(Object.entries(dependencies).map(([name, wanted]) => [`node_modules/${name}`, wanted])),
    });
    expect(Object.keys(await manifest(join(home, "node_modules/sluice"))).toSorted()).toEqual(
      "bin dependencies description engines exports files license name type version".split(" "),
    );
  });

  test("has types that take what is right and refuse what is wrong", async () => {
    await writeFile(
      join(home, "consumer.ts"),
      `import { add, pair, split, StreamingContext, type DStream } from "sluice";
import { follow, FollowError, type BatchEvent, type StreamEvent } from "sluice/client";

const ssc = new StreamingContext({ batchInterval: 500 });
const lines: DStream<string> = ssc.socketTextStream("127.0.0.1", 9999);
const counts: DStream<readonly [string, number]> = lines.flatMap(split(" ")).map(pair(1)).reduceByKey(add);
const lengths: DStream<number> = counts.map(([word, count]) => word.length * count);
lengths.pprint();
export const started: Promise<void> = ssc.start();

export async function* batches(url: string): AsyncGenerator<BatchEvent> {
  try {
    for await (const event of follow(url, { since: -10, transport: "ws" })) if (event.type === "batch") yield event;
  } catch (failure) {
    if (!(failure instanceof FollowError) || failure.status !== 404) throw failure;
  }
}
export const reasonOf = (event: StreamEvent): string | null => (event.type === "end" ? event.reason : null);

// @ts-expect-error: there are two transports
follow("/sessions/x", { transport: "udp" });
// @ts-expect-error: not every event has counts
export const countsOf = (event: StreamEvent) => event.counts;
// @ts-expect-error: an interval is wanted
export const withoutInterval = new StreamingContext({});
// @ts-expect-error: a line is a string
lines.map((line: number) => line + 1);
// @ts-expect-error: a line is no pair
lines.reduceByKey(add);
// @ts-expect-error: what is not exported is not to be had
export { sparkOrder } from "sluice/dist/src/engine/mod.js";
`,
    );
    const compilerOptions = {
      ...{ strict: true, module: "nodenext", moduleResolution: "nodenext", target: "es2024" },
      ...{ types: [], skipLibCheck: false, noEmit: true },
    };
    await writeFile(join(home, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
    const complaints = await run(bin("tsc"), ["-p", home]).then(
      ({ stdout }) => stdout,
      (failure: { stdout: string }) => failure.stdout,
    );
    expect(complaints).toBe("");
  });
});

describe.concurrent.each(RUNTIMES)("the package on %s", (runtime) => {
  const { sluice, program } = PROGRAMS[runtime];

  test("tells its commands and its version", async () => {
    const help = start(sluice, ["--help"]);
    const version = start(sluice, ["--version"]);
    expect([await help.ended, help.stderr]).toEqual([0, ""]);
    expect(help.stdout).toMatch(/sluice serve[^]*sluice emit[^]*sluice lab[^]*sluice tail[^]*sluice verify/);
    expect([await version.ended, version.stdout]).toEqual([0, `${(await manifest(ROOT)).version}\n`]);
  });

  test("is what the seed's program imports, and counts every word the emitter says", async () => {
    const emitter = start(sluice, ["emit", "--port", "0", "--every", "0.02", "--max-lines", "20"]);
    const [, port = ""] = await emitter.says(/listening on 127\.0\.0\.1:(\d+)/);
    const count = start(program, ["network_word_count.ts", "127.0.0.1", port, "2.5", "0.5"]);
    expect([await count.ended, count.stderr]).toEqual([0, expect.stringMatching(/^sluice: Connected to /)]);
    expect(await emitter.ended).toBe(0);
    expect(emitter.stderr).toContain("sent 20 lines");
    expect(count.stdout.match(/^Time: /gm)?.length).toBeGreaterThanOrEqual(4);
    expect(countWords(count.stdout, /^\('(.+)', (\d+)\)$/gm)).toEqual(
      countWords(emitter.stdout, /^\[emitter\] sent -> (.+)$/gm),
    );
  });

  test("goes on from its checkpoints", async () => {
    const emitter = start(sluice, ["emit", "--port", "0", "--every", "0.02"]);
    const [, port = ""] = await emitter.says(/listening on 127\.0\.0\.1:(\d+)/);
    const args = ["stateful_word_count.ts", "127.0.0.1", port, "60", "0.2", `state-${runtime}`];
    /** What a life that is killed told of a word, as soon as it was more than `floor`. */
    const totals = async (floor: number): Promise<number[]> => {
      const count = start(program, args);
      for (let told: number[] = []; ;) {
        // There is one way only to match: with several, a machine that is slow to say the next line has all of them tried.
        await count.says(new RegExp(`(?:(?:(?!^\\('spark')[^])*^\\('spark', \\d+\\)$){${told.length + 1}}`, "m"));
        told = Array.from(count.stdout.matchAll(/^\('spark', (\d+)\)$/gm), ([, total]) => Number(total));
        if (told.at(-1)! <= floor) continue;
        await count.stop("SIGKILL");
        return told;
      }
    };
    const first = await totals(10);
    const second = await totals(first.at(-1)! + 10);
    // The last batch of the first life may be told again, and nothing is counted anew.
    expect(second[0]).toBeGreaterThanOrEqual(first.at(-1)!);
    await emitter.stop();
  });

  test("runs the laboratory and loses no line", async () => {
    const lab = start(sluice, ["lab", "--port", "0", "--seconds", "1.2", "--interval", "0.4", "--every", "0.05"]);
    expect(await lab.ended).toBe(0);
    const [, lines, sent] = await lab.says(/Stopped: \d+ batches, (\d+) of (\d+) lines sent/, "stderr");
    expect([lines, Number(sent) > 0]).toEqual([sent, true]);
    expect(lab.stdout).toMatch(/^\('spark', \d+\)$/m);
  });

  test("serves sessions and the page", async () => {
    const server = start(sluice, ["serve", "--port", "0"]);
    const [, base = ""] = await server.says(/Sluice listens on (http:\S+)/);
    const get = (path: string): Promise<Response> => fetch(base + path);
    expect(await (await get("/healthz")).json()).toEqual({ status: "ok" });
    expect(await (await get("/version")).json()).toMatchObject({ runtime: expect.stringMatching(`^${runtime} `) });

    for (const path of ["/openapi.json", "/asyncapi.json"])
      expect(await (await get(path)).json()).toMatchObject({ info: { title: "Sluice" } });

    const page = await (await get("/")).text();
    const files = [...page.matchAll(/"(\/web\/[^"]+)"/g)].map(([, path = ""]) => path);
    expect(files.length).toBeGreaterThan(2);
    const statuses = await Promise.all(files.map(async (path) => (await get(path)).status));
    expect(statuses).toEqual(files.map(() => 200));

    const source = { type: "emitter", lines: ["a b a"], intervalMs: 20, maxLines: 10 };
    const created = await fetch(`${base}/sessions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ source, batchIntervalMs: 100 }),
    });
    const { links } = (await created.json()) as { links: { self: string } };
    const text = await (await get(`${links.self}/text?since=earliest`)).text();
    expect([created.status, countWords(text, /^\('(.+)', (\d+)\)$/gm)]).toEqual([
      201,
      new Map([
        ["a", 20],
        ["b", 10],
      ]),
    ]);
    const followers = ["sse", "ws"].map((transport) => start(program, ["follow.js", base + links.self, transport]));
    for (const follower of followers) expect([await follower.ended, follower.stdout]).toEqual([0, "lines: 10\n"]);
    expect(await server.stop()).toBe(0);
    expect(server.stderr).not.toMatch(/"level":"(?:WARN|ERROR)"/);
  });
});
