/** Servers as child processes, one for each runtime. @module */

import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";

const ROOT = join(import.meta.dirname, "../..");
const bin = (name: string): string => join(ROOT, "node_modules/.bin", name);

/** Name of a runtime. */
export type RuntimeName = "node" | "deno" | "bun";

/** What starts a server that may write to a folder. Deno is given the least that works. */
const COMMANDS: Readonly<Record<RuntimeName, (folder: string) => string[]>> = {
  node: () => [bin("node"), "src/node.ts"],
  deno: (folder) => [
    bin("deno"),
    "run",
    "--no-prompt",
    "--allow-net=127.0.0.1",
    `--allow-read=src,package.json,${folder}`,
    "--allow-env",
    `--allow-write=${folder}`,
    "src/deno.ts",
  ],
  bun: () => [bin("bun"), "src/bun.ts"],
};

/** Every runtime. */
export const RUNTIMES: readonly RuntimeName[] = ["node", "deno", "bun"];

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of a server. */
export interface ServerOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What is run, its options apart. Default: the checkout's entry of the runtime. */
  readonly command?: readonly string[];
  /** A folder of the test's, which stays. Default: one of its own, which goes. */
  readonly folder?: string;
  /** What it is run by: a program and its arguments. */
  readonly under?: readonly string[];
  /** File descriptors it may have; by default as many as the test. */
  readonly descriptors?: number;
}

/** A process of the service, with a data folder of its own. */
export interface Server {
  readonly runtime: RuntimeName;
  /** Such as `http://127.0.0.1:40213`. */
  readonly url: string;
  readonly port: number;
  /** Data folder of the emitters. */
  readonly folder: string;
  readonly pid: number;
  /** Resolves when the process is over. */
  readonly exit: Promise<Exit>;
  /** Asks it to stop. */
  terminate(): void;
  /** Ends it at once. */
  kill(): void;
  /** Goes away from its standard output and error: what it writes then fails. */
  deafen(): void;
  /** Ends it at once, and removes its folder. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a server; resolves when it says where it listens. */
export async function startServer(runtime: RuntimeName, options: ServerOptions = {}): Promise<Server> {
  const { child, exit, folder } = await launch(runtime, options);
  const dispose = async (): Promise<void> => {
    kill(child);
    await exit;
    if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
  };
  const line = await firstLine(child);
  const url = /^Sluice listens on (http:\/\/127\.0\.0\.1:\d+)$/.exec(line)?.[1];
  if (url === undefined || child.pid === undefined) {
    await dispose();
    throw new Error(`${runtime} said ${JSON.stringify(line)}: ${(await exit).stderr}`);
  }
  return {
    runtime,
    url,
    folder,
    exit,
    pid: child.pid,
    port: Number(new URL(url).port),
    kill: () => kill(child),
    deafen: () => [child.stdout, child.stderr].forEach((stream) => stream?.destroy()),
    terminate: () => void child.kill("SIGTERM"),
    [Symbol.asyncDispose]: dispose,
  };
}

/** Runs a server that is to end by itself. */
export async function runServer(runtime: RuntimeName, options: ServerOptions = {}): Promise<Exit> {
  const { child, exit, folder } = await launch(runtime, options);
  try {
    return await exit;
  } finally {
    kill(child);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Those that are run by another program. */
const underOthers = new WeakSet<ChildProcess>();
/** Processes not over yet; none outlives the test, however that ends. */
const children = new Set<ChildProcess>();
process.once("exit", () => children.forEach(kill));

/** Ends a process at once, and those it runs. */
function kill(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  if (underOthers.has(child)) process.kill(-child.pid, "SIGKILL");
  else child.kill("SIGKILL");
}

async function launch(
  runtime: RuntimeName,
  options: ServerOptions,
): Promise<{ child: ChildProcess; exit: Promise<Exit>; folder: string }> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), `sluice-${runtime}-`)));
  const limited =
    options.descriptors === undefined ? [] : ["sh", "-c", `ulimit -n ${options.descriptors}; exec "$@"`, "sh"];
  const run = options.command ?? COMMANDS[runtime](folder);
  const [command = "", ...rest] = [...limited, ...(options.under ?? []), ...run];
  const child = spawn(command, [...rest, "--port", "0", "--files", folder, ...(options.args ?? [])], {
    cwd: ROOT,
    env: {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      NO_COLOR: "1",
      SLUICE_DATA: join(folder, "data"),
      // What it says then is a fault.
      SLUICE_LOG_LEVEL: "error",
      ...options.env,
    },
    stdio: ["ignore", "pipe", "pipe"],
    // What runs it ends, when it is killed, without it.
    detached: options.under !== undefined,
  });
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk) => (stdout += String(chunk)));
  child.stderr?.on("data", (chunk) => (stderr += String(chunk)));
  children.add(child);
  if (options.under !== undefined) underOthers.add(child);
  const exit = new Promise<Exit>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      children.delete(child);
      resolve({ code, signal, stdout, stderr });
    });
  });
  return { child, exit, folder };
}

/** The first line on standard output, or "" when there is none. */
async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) return "";
  const lines = createInterface({ input: stdout });
  return new Promise((resolve) => {
    lines.once("line", resolve);
    lines.once("close", () => resolve(""));
  });
}
