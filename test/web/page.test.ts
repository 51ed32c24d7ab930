import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

const MAX_LINES = 220;
const FOLDER = join(import.meta.dirname, "../../src/web");

const files = await Promise.all(
  (await readdir(FOLDER, { recursive: true }))
    .filter((name) => /\.(?:html|js|css|svg)$/.test(name) && !name.startsWith("vendor"))
    .map(async (name) => ({ name, text: await readFile(join(FOLDER, name), "utf8") })),
);

test("the page has nothing the content security policy forbids, and no way to make words markup", () => {
  const forbidden =
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\bon\w+=|<style|\sstyle=|javascript:|https?:\/\/(?!www\.w3\.org)/;
  expect(files.filter(({ text }) => forbidden.test(text)).map(({ name }) => name)).toEqual([]);
  const { text } = files.find(({ name }) => name === "index.html")!;
  expect(
    [...text.matchAll(/<script\b([^>]*)>([^<]*)/g)].every(
      ([, attributes, body]) => /src="\/web\//.test(attributes!) && body === "",
    ),
  ).toBe(true);
});

test("the page asks for files that are there only", async () => {
  const names = new Set((await readdir(FOLDER, { recursive: true })).map((name) => name.replaceAll("\\", "/")));
  const asked = files.flatMap(({ text }) =>
    [...text.matchAll(/(?:"\/web\/|from "\.\/)([^"]+)"/g)].map(([, name]) => name!),
  );
  expect(asked.length).toBeGreaterThan(5);
  expect(asked.filter((name) => !names.has(name))).toEqual([]);
});

test("the page's modules are small, and say what they are", () => {
  const modules = files.filter(({ name }) => name.endsWith(".js"));
  expect(modules.filter(({ text }) => text.split("\n").length > MAX_LINES).map(({ name }) => name)).toEqual([]);
  expect(modules.filter(({ text }) => !/^\/\*\* .+ @module \*\/\n/.test(text)).map(({ name }) => name)).toEqual([]);
});

test("the page names all its modules at once, so that none is found out only when another has come", () => {
  const { text } = files.find(({ name }) => name === "index.html")!;
  const named = [...text.matchAll(/<(?:link rel="modulepreload" href|script type="module" src)="\/web\/([^"]+)"/g)];
  // A worker is asked for when it is wanted.
  const modules = files.map(({ name }) => name).filter((name) => name.endsWith(".js") && name !== "word_search.js");
  expect(new Set(named.map(([, name]) => name))).toEqual(new Set(modules));
});

test("uPlot is the pinned package's, byte for byte", async () => {
  const name = "uPlot.iife.min.js";
  const [ours, theirs] = await Promise.all([
    readFile(join(FOLDER, "vendor", name)),
    readFile(join(import.meta.dirname, "../../node_modules/uplot/dist", name)),
  ]);
  expect(ours.equals(theirs), `cp node_modules/uplot/dist/${name} src/web/vendor/`).toBe(true);
});
