import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { systemFiles } from "../../src/files/mod.ts";

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "sluice-files-"));
  onTestFinished(() => rm(made, { recursive: true }));
  return made;
}

describe("systemFiles", () => {
  test("lists the files of a folder by name, and nothing of one that is not there", async () => {
    const dir = await folder();
    await writeFile(join(dir, "b"), "bb");
    await utimes(join(dir, "b"), 1000, 1000.5);
    await writeFile(join(dir, "a"), "");
    await mkdir(join(dir, "c"));
    await symlink(join(dir, "gone"), join(dir, "d"));
    expect(systemFiles.list(dir)).toEqual([
      { name: "a", size: 0, changedAt: expect.any(Number) },
      { name: "b", size: 2, changedAt: 1_000_500 },
    ]);
    expect(systemFiles.list(join(dir, "nothing"))).toEqual([]);
    expect(() => systemFiles.list(join(dir, "b"))).toThrow("ENOTDIR");
  });

  test("writes a folder whole, with those it is in, and leaves one that is there as it is", async () => {
    const dir = join(await folder(), "in", "out-1000");
    await systemFiles.writeFolder(dir, [{ name: "part-00000", text: "é\n" }]);
    await systemFiles.writeFolder(dir, [{ name: "part-00000", text: "again\n" }]);
    expect(await readFile(join(dir, "part-00000"), "utf8")).toBe("é\n");
    expect(await readdir(join(dir, ".."))).toEqual(["out-1000"]);
  });
});

describe("checkpoints", () => {
  test("are loaded newest first, and two are kept", async () => {
    const dir = join(await folder(), "state");
    const store = systemFiles.checkpoints(dir);
    expect(await store.load()).toBeUndefined();
    for (const time of [8000, 9000, 10_000]) await store.save(time, `at ${time} é\n`);
    await store.complete(9000);
    expect(await systemFiles.checkpoints(dir).load()).toEqual({ text: "at 10000 é\n", isCompleted: false });
    await store.complete(10_000);
    expect(await store.load()).toEqual({ text: "at 10000 é\n", isCompleted: true });
    expect((await readdir(dir)).toSorted()).toEqual(["checkpoint-10000", "checkpoint-9000", "completed"]);
  });

  test("that are damaged are refused, wherever it is, with what helps", async () => {
    const dir = await folder();
    const store = systemFiles.checkpoints(dir);
    await store.save(1000, "the one before");
    await store.save(2000, "the newest");
    const path = join(dir, "checkpoint-2000");
    const whole = await readFile(path);
    const damages = Array.from(whole, (byte, at) => whole.with(at, byte ^ 1));
    for (const damaged of [...damages, whole.subarray(0, -1), whole.subarray(0, 0), Buffer.concat([whole, whole])]) {
      await writeFile(path, damaged);
      await expect(store.load()).rejects.toThrow(
        new RegExp(`Cannot go on from ${path}: it is damaged.* remove it to go on from checkpoint-1000`),
      );
    }
    await rm(path);
    expect((await store.load())?.text).toBe("the one before");
  });
});
