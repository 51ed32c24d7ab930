/** Checkpoints as files of a folder. @module */

import { createHash } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { Checkpoints, LoadedCheckpoint } from "../engine/mod.ts";
import { SluiceError, systemCodeOf } from "../errors.ts";

/** The newest, and the one before it in case the newest is damaged by what we have no hand in. */
const KEPT = 2;
const NAME = /^checkpoint-(\d+)$/;
const COMPLETED = "completed";

/** One file for each: a line with the checksum of the rest, and the rest. A crash leaves whole files only. */
export class FolderOfCheckpoints implements Checkpoints {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async load(): Promise<LoadedCheckpoint | undefined> {
    const [time, earlier] = await this.#times();
    if (time === undefined) return undefined;
    const name = `checkpoint-${time}`;
    const text = textOf(await readFile(join(this.#folder, name)));
    if (text !== undefined) return { text, isCompleted: (await this.#completed()) >= time };
    const cure = earlier === undefined ? "to begin anew" : `to go on from checkpoint-${earlier}`;
    const message = `Cannot go on from ${join(this.#folder, name)}: it is damaged, its checksum is not that of its content; remove it ${cure}`;
    throw new SluiceError("bad_checkpoint", message);
  }

  async save(time: number, text: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    await this.#write(`checkpoint-${time}`, `sha256 ${checksum(text)}\n${text}`);
    for (const old of (await this.#times()).slice(KEPT)) await rm(join(this.#folder, `checkpoint-${old}`));
  }

  complete(time: number): Promise<void> {
    return this.#write(COMPLETED, String(time));
  }

  /** Batch times, newest first. */
  async #times(): Promise<number[]> {
    const names = await unlessAbsent(readdir(this.#folder), []);
    const times = names.flatMap((name) => NAME.exec(name)?.slice(1).map(Number) ?? []);
    return times.sort((a, b) => b - a);
  }

  async #completed(): Promise<number> {
    return Number(await unlessAbsent(readFile(join(this.#folder, COMPLETED), "utf8"), ""));
  }

  /** Under another name first: whoever reads `name` gets all of it, whatever happens meanwhile. */
  async #write(name: string, text: string): Promise<void> {
    const scratch = join(this.#folder, `.${name}.writing`);
    await withOpen(scratch, "w", async (file) => {
      await file.writeFile(text);
      await file.sync();
    });
    await rename(scratch, join(this.#folder, name));
    await withOpen(this.#folder, "r", (folder) => folder.sync());
  }
}

async function withOpen(path: string, flags: string, use: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, flags);
  try {
    await use(file);
  } finally {
    await file.close();
  }
}

/** What follows the checksum, or undefined where they do not belong together. */
function textOf(bytes: Buffer): string | undefined {
  const end = bytes.indexOf("\n");
  const text = bytes.toString("utf8", end + 1);
  return bytes.toString("latin1", 0, end) === `sha256 ${checksum(text)}` ? text : undefined;
}

function checksum(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function unlessAbsent<R>(work: Promise<R>, absent: R): Promise<R> {
  try {
    return await work;
  } catch (failure) {
    if (systemCodeOf(failure) === "ENOENT") return absent;
    throw failure;
  }
}
