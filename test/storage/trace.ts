/** What a process did to its files, as strace tells it, and what a loss of power at any moment leaves of them. @module */

/** One thing that was done. */
export type Deed =
  | { readonly type: "write"; readonly file: string; readonly at: number; readonly bytes: Buffer }
  | { readonly type: "sync"; readonly file: string }
  | { readonly type: "truncate"; readonly file: string; readonly size: number }
  /** The process said that a commit was kept. */
  | { readonly type: "said"; readonly commit: number };

const CALL = /^\d+\s+(\w+)\((\d+)<([^>]*)>(?:, (.*))?\) += +(-?\d+)/;
const WRITE = /^"((?:\\x[0-9a-f]{2})*)", \d+(?:, (\d+))?$/;

/** Reads the output of `strace -f -y -xx`; of files in `folder`, and standard output. */
export function readTrace(text: string, folder: string): Deed[] {
  return text.split("\n").flatMap((line) => {
    const match = CALL.exec(line);
    return match === null || Number(match[5]) < 0 ? [] : callOf(match, folder);
  });
}

function callOf(match: RegExpExecArray, folder: string): Deed[] {
  const [call, fd, path, rest, result] = match.slice(1) as [string, string, string, string | undefined, string];
  const [, hex = "", at = "0"] = WRITE.exec(rest ?? "") ?? [];
  const bytes = Buffer.from(hex.replaceAll("\\x", ""), "hex").subarray(0, Number(result));
  if (fd === "1" && call === "write") return saidIn(bytes.toString());
  const file = path.replaceAll(/\\x([0-9a-f]{2})/g, (_all, code: string) =>
    String.fromCodePoint(Number.parseInt(code, 16)),
  );
  return file.startsWith(folder) ? deedOf(call, file, { at: Number(at), bytes, size: Number(rest) }) : [];
}

function saidIn(text: string): Deed[] {
  return Array.from(text.matchAll(/kept (\d+)/g), ([, n]) => ({ type: "said", commit: Number(n) }));
}

function deedOf(call: string, file: string, { at, bytes, size }: { at: number; bytes: Buffer; size: number }): Deed[] {
  if (call === "pwrite64") return [{ type: "write", file, at, bytes }];
  if (call === "fsync" || call === "fdatasync") return [{ type: "sync", file }];
  if (call === "ftruncate") return [{ type: "truncate", file, size }];
  return [];
}

/** A file's bytes on the disk, and what has been written since its last sync. */
export class TracedFile {
  readonly #unsynced: Deed[] = [];
  #synced = Buffer.alloc(0);

  do(deed: Deed): void {
    if (deed.type === "write" || deed.type === "truncate") this.#unsynced.push(deed);
    if (deed.type !== "sync") return;
    this.#synced = this.after(() => true);
    this.#unsynced.length = 0;
  }

  /** What is there when of the writes not synced those are left that `isLeft` picks. */
  after(isLeft: () => boolean): Buffer<ArrayBuffer> {
    let bytes = this.#synced;
    for (const deed of this.#unsynced) if (isLeft()) bytes = applied(bytes, deed);
    return bytes;
  }
}

function applied(bytes: Buffer<ArrayBuffer>, deed: Deed): Buffer<ArrayBuffer> {
  if (deed.type === "truncate") return resized(bytes, deed.size);
  if (deed.type !== "write") return bytes;
  const after = resized(bytes, Math.max(bytes.length, deed.at + deed.bytes.length));
  deed.bytes.copy(after, deed.at);
  return after;
}

function resized(bytes: Buffer, size: number): Buffer<ArrayBuffer> {
  const after = Buffer.alloc(size);
  bytes.copy(after);
  return after;
}
