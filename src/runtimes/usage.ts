/** What the process takes of the machine, asked the same way on every runtime. @module */

import { startedAt } from "../clock.ts";
import { systemCodeOf } from "../errors.ts";
import type { Usage } from "../runtime.ts";

/** Linux tells of descriptors in files, which Deno lets be read with `--allow-all` only. */
export async function usageOfProcess(): Promise<Usage> {
  const { user, system } = process.cpuUsage();
  return {
    residentBytes: process.memoryUsage.rss(),
    cpuSeconds: (user + system) / 1e6,
    startedAt: startedAt(),
    ...(await descriptors()),
  };
}

async function descriptors(): Promise<Pick<Usage, "openDescriptors" | "maxDescriptors">> {
  // Not imported, because a service is to listen first.
  const { readdir, readFile, stat } = process.getBuiltinModule("node:fs/promises");
  try {
    limit ??= limitIn(await readFile("/proc/self/limits", "utf8"));
    // Since Linux 6.2 it is the folder's size; before, all names have to be read, and the folder is one of them meanwhile.
    const { size } = await stat("/proc/self/fd");
    const openDescriptors = size > 0 ? size : (await readdir("/proc/self/fd")).length - 1;
    return { openDescriptors, maxDescriptors: limit };
  } catch (failure) {
    const isOut = systemCodeOf(failure) === "EMFILE";
    return isOut && limit !== undefined ? { openDescriptors: limit, maxDescriptors: limit } : {};
  }
}

function limitIn(limits: string): number {
  const most = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
  return most === undefined ? Infinity : Number(most);
}

/** It does not change under us, and cannot be read when all descriptors are taken. */
let limit: number | undefined;
