/** Programs as a bench runs them: on a core of their own where there are two, and what they cost. @module */

import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { availableParallelism } from "node:os";
import { versionOf } from "./harness.ts";

const ROOT: string = join(import.meta.dirname, "..");
/** Linux counts CPU time in these. */
const TICKS_PER_SECOND = 100;

/** A runtime of JavaScript and how it runs a file. */
export interface RuntimeCommand {
  readonly name: string;
  readonly command: readonly string[];
  readonly version: string;
}

/** This Node, and those of Deno and Bun that are installed; `only` names some of them. */
export function runtimes(only: string = "node,deno,bun"): readonly RuntimeCommand[] {
  const bin = (name: string): string => join(ROOT, "node_modules/.bin", name);
  const commands = { node: [process.execPath], deno: [bin("deno"), "run", "-A"], bun: [bin("bun")] };
  return Object.entries(commands).flatMap(([name, command]) => {
    const version = only.split(",").includes(name) ? versionOf(command[0] ?? "") : undefined;
    return version === undefined ? [] : [{ name, command, version }];
  });
}

/** Their versions and the compiler's, for the report. */
export function versionsOf(all: readonly RuntimeCommand[]): Record<string, string | undefined> {
  return { gcc: versionOf("gcc"), ...Object.fromEntries(all.map(({ name, version }) => [name, version])) };
}

/** Compiles a program of `bench/native` into a folder and gives its path; undefined where there is no gcc. */
export function compile(name: string, folder: string): string | undefined {
  if (versionOf("gcc") === undefined) return undefined;
  const program = join(folder, name);
  execFileSync("gcc", ["-O3", "-march=native", "-o", program, join(import.meta.dirname, `native/${name}.c`)]);
  return program;
}

/** Whether programs can be kept to a core of their own. */
export const pinned: boolean = availableParallelism() > 1 && versionOf("taskset") !== undefined;

/** How a program is started. */
export interface StartOptions {
  /** The core it keeps to; default: any. */
  readonly core?: 0 | 1;
  /** What it says on standard error is for nobody. */
  readonly isQuiet?: boolean;
}

/** Starts a program in the root of the repository; its standard input and output are pipes. */
export function start(command: readonly string[], { core, isQuiet = false }: StartOptions = {}): ChildProcess {
  const [program = "", ...args] = pinned && core !== undefined ? ["taskset", "-c", String(core), ...command] : command;
  const child = spawn(program, args, { cwd: ROOT, stdio: ["pipe", "pipe", isQuiet ? "ignore" : "inherit"] });
  running.add(child);
  child.once("close", () => running.delete(child));
  return child;
}

/** None outlives the bench, however that ends. */
const running = new Set<ChildProcess>();
process.once("exit", () => running.forEach((child) => child.kill("SIGKILL")));

/** The lines a program says, one at a time; undefined when it says no more. */
export function linesOf({ stdout }: ChildProcess): () => Promise<string | undefined> {
  if (stdout === null) throw new TypeError("Cannot read a program whose output is not a pipe");
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  return async () => {
    const { value, done } = await lines.next();
    return done === true ? undefined : value;
  };
}

/** All a program says, when it has ended in order. */
export async function outputOf(child: ChildProcess): Promise<string> {
  const ended = new Promise<number | string>((resolve) => {
    child.once("close", (code, signal) => resolve(code ?? signal ?? ""));
  });
  const parts: Buffer[] = [];
  for await (const part of child.stdout ?? []) parts.push(part as Buffer);
  const code = await ended;
  if (code !== 0) throw new Error(`${child.spawnargs.join(" ")} ended with ${code}`);
  return Buffer.concat(parts).toString();
}

/** CPU seconds so far of a process and of those it started (Linux; else 0). */
export function cpuSeconds(pid: number): number {
  let ticks = 0;
  const family = new Set([pid]);
  // A parent has the smaller number, all but always.
  for (const { id, parent, used } of processes()) {
    if (!family.has(id) && !family.has(parent)) continue;
    family.add(id);
    ticks += used;
  }
  return ticks / TICKS_PER_SECOND;
}

/** Memory of a process that is resident, in KiB (Linux). */
export function residentKib(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

function processes(): { id: number; parent: number; used: number }[] {
  const ids = existsSync("/proc") ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
  return ids
    .map(Number)
    .toSorted((a, b) => a - b)
    .flatMap((id) => {
      try {
        // The name, which may have anything in it, ends at the last bracket.
        const fields = readFileSync(`/proc/${id}/stat`, "utf8").split(") ").at(-1)?.split(" ").map(Number) ?? [];
        const [parent = 0, user = 0, kernel = 0] = [fields[1], fields[11], fields[12]];
        return [{ id, parent, used: user + kernel }];
      } catch {
        return [];
      }
    });
}
