/** The files of this machine, for the engine. @module */

import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { FileEntry, Files, TextFile } from "../engine/mod.ts";
import { systemCodeOf } from "../errors.ts";
import { FolderOfCheckpoints } from "./checkpoints.ts";

/** Paths are the user's own: nothing keeps them in a folder. */
export const systemFiles: Files = {
  list: (folder) => namesIn(folder).flatMap((name) => entryOf(folder, name)),
  read: (folder, name) => readFileSync(join(folder, name)),
  writeFolder,
  checkpoints: (folder) => new FolderOfCheckpoints(folder),
};

function namesIn(folder: string): string[] {
  return unless("ENOENT", () => readdirSync(folder).sort()) ?? [];
}

/** None, where it is not a file, or not any more. */
function entryOf(folder: string, name: string): FileEntry[] {
  const stats = unless("ENOENT", () => statSync(join(folder, name)));
  return stats?.isFile() === true ? [{ name, changedAt: stats.mtimeMs, size: stats.size }] : [];
}

/** Undefined where `run` fails with this code of the system. */
function unless<R>(code: string, run: () => R): R | undefined {
  try {
    return run();
  } catch (failure) {
    if (systemCodeOf(failure) === code) return undefined;
    throw failure;
  }
}

/** Made beside its place and moved there: it is whole or it is not there. One that is there already stays. */
async function writeFolder(folder: string, files: readonly TextFile[]): Promise<void> {
  if (unless("ENOENT", () => statSync(folder)) !== undefined) return;
  const scratch = `${folder}.writing`;
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  for (const { name, text } of files) await writeFile(join(scratch, name), text);
  await rename(scratch, folder);
}
