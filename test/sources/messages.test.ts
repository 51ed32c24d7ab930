import { mkdir, mkdtemp, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readMessages } from "../../src/sources/mod.ts";

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), "sluice-messages-"));

describe("readMessages", () => {
  test("makes messages.txt with the seed's five lines when it is not there", async () => {
    const dir = await folder();
    const messages = await readMessages(dir);
    expect(messages).toEqual([
      "spark streaming dstream",
      "spark spark streaming",
      "big data spark",
      "stream processing with spark",
      "hello spark streaming",
    ]);
    expect(await readFile(join(dir, "messages.txt"), "utf8")).toBe(`${messages.join("\n")}\n`);
  });

  test("leaves a messages.txt that is there as it is", async () => {
    const dir = await folder();
    await writeFile(join(dir, "messages.txt"), "\ufeff  mine \r\n\n \t\nand\u2028yours");
    expect(await readMessages(dir)).toEqual(["mine", "and", "yours"]);
  });

  test.each([
    ["nowhere.txt", "file_unreadable", /there is no such file/],
    ["empty.txt", "no_lines", /no line that is not blank/],
    ["latin1.txt", "file_unreadable", /not UTF-8/],
    ["../messages.txt", "file_outside", /not in the data folder/],
    ["/etc/hostname", "file_outside", /not in the data folder/],
    [".", "file_outside", /not in the data folder/],
    ["link.txt", "file_outside", /not in the data folder/],
    ["nul\u0000.txt", "file_unreadable", /nul/],
    ["sub", "file_unreadable", /EISDIR/],
  ])("refuses %j", async (name, code, message) => {
    const dir = await folder();
    await writeFile(join(dir, "empty.txt"), "\n  \n");
    await writeFile(join(dir, "latin1.txt"), Uint8Array.of(0x61, 0xe9, 0x0a));
    await symlink("/etc/hostname", join(dir, "link.txt"));
    await mkdir(join(dir, "sub"));
    const failure = { code, message: expect.stringMatching(message) };
    await expect(readMessages(dir, name)).rejects.toMatchObject(failure);
  });

  test("gives the same list for a file that is as it was, and reads one that has changed", async () => {
    const dir = await folder();
    await writeFile(join(dir, "a.txt"), "one\n");
    await writeFile(join(dir, "b.txt"), "two\n");
    const one = await readMessages(dir, "a.txt");
    expect(await readMessages(dir, "a.txt")).toBe(one);
    expect(await readMessages(dir, "b.txt")).toEqual(["two"]);
    await writeFile(join(dir, "a.txt"), "three\n");
    expect(await readMessages(dir, "a.txt")).toEqual(["three"]);
  });
});
