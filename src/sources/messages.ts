/** The file an emitter says lines of. @module */

import type { Stats } from "node:fs";
import { readFile, realpath, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { messageOf, SluiceError, systemCodeOf } from "../errors.ts";
import { isOutOfDescriptors, outOfDescriptors } from "./descriptors.ts";

/** The file that is made, with the seed's lines, when it is not there. */
export const DEFAULT_MESSAGES = "messages.txt";
const SEED_MESSAGES: readonly string[] = [
  "spark streaming dstream",
  "spark spark streaming",
  "big data spark",
  "stream processing with spark",
  "hello spark streaming",
];
/** A file larger than this is refused: it is held in memory. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;
/** Where Python's `str.splitlines` ends a line. */
// oxlint-disable-next-line no-control-regex -- they are line ends there
const LINE_END = /\r\n|[\n\r\u000b\u000c\u001c-\u001e\u0085\u2028\u2029]/;

/** The non-blank lines of a text, trimmed, as the seed's emitter reads them. */
export function messagesOf(lines: readonly string[], name: string): string[] {
  const messages = lines.map((line) => line.trim()).filter((line) => line !== "");
  if (messages.length > 0) return messages;
  throw new SluiceError("no_lines", `Cannot emit ${name}: it has no line that is not blank, one or more are wanted`);
}

/** Reads the messages of `name` in `folder`; `messages.txt` is made when it is not there. */
export async function readMessages(folder: string, name: string = DEFAULT_MESSAGES): Promise<readonly string[]> {
  const path = resolve(folder, name);
  mustBeInside(resolve(folder), path, name);
  const known = await knownMessages(path);
  if (known !== undefined) return known;
  if (name === DEFAULT_MESSAGES) await makeDefault(path);
  try {
    // A link may lead out of the folder.
    mustBeInside(await realpath(folder), await realpath(path), name);
    const before = await stat(path);
    const messages = messagesOf((await readText(path, name, before.size)).split(LINE_END), name);
    last = { file: identityOf(path, before), messages: new WeakRef(messages) };
    return messages;
  } catch (failure) {
    if (failure instanceof SluiceError) throw failure;
    if (isOutOfDescriptors(failure)) throw outOfDescriptors(`Cannot read ${name}`, failure);
    const why =
      systemCodeOf(failure) === "ENOENT" ? "there is no such file" : (systemCodeOf(failure) ?? messageOf(failure));
    throw new SluiceError("file_unreadable", `Cannot read ${name}: ${why} in the data folder`, { cause: failure });
  }
}

/** What was read last, as long as somebody has it: thousands of sessions say the lines of one file. */
let last: { readonly file: string; readonly messages: WeakRef<readonly string[]> } | undefined;

/** Undefined where another file was read last, or this one has changed since. */
async function knownMessages(path: string): Promise<readonly string[] | undefined> {
  const messages = last?.messages.deref();
  if (messages === undefined) return undefined;
  try {
    return last?.file === identityOf(path, await stat(path)) ? messages : undefined;
  } catch {
    // To read it will tell.
    return undefined;
  }
}

function identityOf(path: string, { dev, ino, size, mtimeMs, ctimeMs }: Stats): string {
  return [path, dev, ino, size, mtimeMs, ctimeMs].join();
}

async function readText(path: string, name: string, size: number): Promise<string> {
  if (size > MAX_FILE_BYTES) {
    throw new SluiceError(
      "file_unreadable",
      `Cannot read ${name}: it has ${size} bytes, at most ${MAX_FILE_BYTES} are taken`,
    );
  }
  const bytes = await readFile(path);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (failure) {
    throw new SluiceError("file_unreadable", `Cannot read ${name}: it is not UTF-8`, { cause: failure });
  }
}

/** Links are the caller's to resolve. */
function mustBeInside(folder: string, path: string, name: string): void {
  const way = relative(folder, path);
  if (way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && resolve(folder, way) === path) return;
  throw new SluiceError(
    "file_outside",
    `Cannot read ${JSON.stringify(name)}: it is not in the data folder, a file there is wanted`,
  );
}

async function makeDefault(path: string): Promise<void> {
  try {
    await writeFile(path, `${SEED_MESSAGES.join("\n")}\n`, { flag: "wx" });
  } catch (failure) {
    if (systemCodeOf(failure) === "EEXIST") return;
    if (isOutOfDescriptors(failure)) throw outOfDescriptors(`Cannot make ${DEFAULT_MESSAGES}`, failure);
    const why = systemCodeOf(failure) ?? messageOf(failure);
    throw new SluiceError("file_unreadable", `Cannot make ${join(dirname(path), DEFAULT_MESSAGES)}: ${why}`, {
      cause: failure,
    });
  }
}
