/** The loss of power at any moment, after strace's record of what the writer did to its files. @module */

import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { Random } from "../simulation/random.ts";
import { sized } from "../support/size.ts";
import { temporaryFolder } from "../support/stores.ts";
import { readTrace, TracedFile, type Deed } from "./trace.ts";

const COMMITS = sized(8, 40);
/** States tried at each moment: nothing of what was not synced is left, all of it, and so many random parts. */
const RANDOM_PARTS = 2;
const CALLS = "trace=pwrite64,write,fsync,fdatasync,ftruncate";
const hasStrace = spawnSync("strace", ["-V"]).status === 0;

describe.skipIf(!hasStrace)("the loss of power", () => {
  test("loses no batch that was said to be kept, at any moment", { timeout: 600_000 }, async () => {
    await using folder = await temporaryFolder();
    const { states, worst } = replay(record(folder.path), folder.path);
    expect(states).toBeGreaterThan(sized(200, 1000));
    expect(worst).toEqual([]);
  });

  test("would lose some without the syncs", { timeout: 600_000 }, async () => {
    await using folder = await temporaryFolder();
    const unsynced = record(folder.path).filter(({ type }) => type !== "sync");
    expect(replay(unsynced, folder.path).worst).not.toEqual([]);
  });
});

/** Runs the writer, and gives what it did. */
function record(folder: string): Deed[] {
  const data = join(folder, "data");
  const output = join(folder, "trace");
  mkdirSync(data);
  const program = [process.execPath, join(import.meta.dirname, "committing.ts"), data, String(COMMITS)];
  execFileSync("strace", ["-f", "-y", "-xx", "-s", "1000000", "-e", CALLS, "-o", output, ...program], {
    stdio: "pipe",
  });
  const deeds = readTrace(readFileSync(output, "utf8"), data);
  expect(deeds.filter(({ type }) => type === "said").length).toBe(COMMITS);
  return deeds;
}

/** Loses the power after each deed in several ways; gives the number of states, and what was wrong in the first few. */
function replay(deeds: readonly Deed[], folder: string): { states: number; worst: string[] } {
  const random = new Random(1);
  const files = new Map<string, TracedFile>();
  const worst: string[] = [];
  let said = 0;
  let states = 0;
  for (const deed of deeds) {
    if (deed.type === "said") said = deed.commit;
    else fileOf(files, deed.file).do(deed);
    const parts = [() => false, () => true, ...Array.from({ length: RANDOM_PARTS }, () => () => random.chance(0.5))];
    for (const isLeft of parts) {
      states++;
      const wrong = wrongIn(files, isLeft, { said, folder });
      if (wrong !== undefined) worst.push(wrong);
      if (worst.length > 2) return { states, worst };
    }
  }
  return { states, worst };
}

function fileOf(files: Map<string, TracedFile>, path: string): TracedFile {
  const file = files.get(path) ?? new TracedFile();
  files.set(path, file);
  return file;
}

/** Writes what is left, opens it as the service does, and says what is wrong with it. */
function wrongIn(
  files: ReadonlyMap<string, TracedFile>,
  isLeft: () => boolean,
  { said, folder }: { said: number; folder: string },
): string | undefined {
  const left = join(folder, "left");
  rmSync(left, { recursive: true, force: true });
  mkdirSync(left);
  for (const [path, file] of files)
    if (!path.endsWith("-shm")) writeFileSync(join(left, basename(path)), file.after(isLeft));
  if (said === 0) return undefined;
  using db = new DatabaseSync(join(left, "sluice.db"));
  try {
    const { integrity_check: integrity } = db.prepare("PRAGMA integrity_check").get() as { integrity_check: string };
    const { last } = db.prepare("SELECT max(seq) AS last FROM batch").get() as { last: number | null };
    if (integrity !== "ok") return `after ${said}: ${integrity}`;
    return (last ?? 0) < said ? `after ${said}: the last is ${last}` : undefined;
  } catch (failure) {
    return `after ${said}: ${String(failure)}`;
  }
}
