/** What can be seen of a process from outside, on Linux. @module */

import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";

/** Whether this machine tells. */
export const hasProc: boolean = existsSync("/proc/self/fd");

/** How many file descriptors it has. */
export async function descriptorsOf(pid: number): Promise<number> {
  return (await readdir(`/proc/${pid}/fd`)).length;
}

/** How much memory is its own and in use, in MiB. */
export async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

/** The environment of a Node that lets little garbage lie: what grows then is none. */
export const TIDY: Readonly<Record<string, string>> = {
  NODE_OPTIONS: "--max-semi-space-size=4 --max-old-space-size=96",
};
