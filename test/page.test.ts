import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { pageOf } from "../src/page.ts";

/** Files that were read, beside a page that reads them. */
function pageOnDisk(): { page: ReturnType<typeof pageOf>; read: string[] } {
  const read: string[] = [];
  const readAsset = (file: URL): Promise<Uint8Array<ArrayBuffer>> => {
    read.push(file.pathname);
    return readFile(file);
  };
  return { page: pageOf({ readFile: readAsset }), read };
}

test("the page's files are read once, when they are asked for", async () => {
  const { page, read } = pageOnDisk();
  expect(read).toEqual([]);
  const [first, second] = [await page("/"), await page("/")];
  expect(second).toBe(first);
  expect([first?.type, read.length]).toEqual(["text/html; charset=utf-8", 1]);
  expect((await page("/web/page.css"))?.type).toBe("text/css; charset=utf-8");
});

test.each([
  "/web/none.js",
  "/web/tsconfig.json",
  "/web/../service.ts",
  "/web/..%2fpage.js",
  "/web/",
  "/web/index.html",
])("%s is no file of the page", async (path) => {
  expect(await pageOnDisk().page(path)).toBeUndefined();
});
