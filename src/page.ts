/** The files of the page, each read when it is first asked for. @module */

import { systemCodeOf } from "./errors.ts";
import type { Asset } from "./front/mod.ts";
import type { Runtime } from "./runtime.ts";

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};

/** Gives a file by its path, undefined where there is none: `index.html` is at `/`, the others are below `/web/`. */
export function pageOf(runtime: Pick<Runtime, "readFile">): (path: string) => Promise<Asset | undefined> {
  const read = new Map<string, Asset>();
  return async (path) => {
    // Nothing but plain names: there is no way out of the folder.
    const name = path === "/" ? "index.html" : /^\/web\/([a-z_]+\.(?:js|css|svg))$/.exec(path)?.[1];
    const type = MEDIA_TYPES[name?.split(".")[1] ?? ""];
    if (name === undefined || type === undefined) return undefined;
    let asset = read.get(name);
    if (asset === undefined) {
      const bytes = await readIfThere(runtime, new URL(`./web/${name}`, import.meta.url));
      if (bytes === undefined) return undefined;
      read.set(name, (asset = { type, bytes }));
    }
    return asset;
  };
}

async function readIfThere(
  runtime: Pick<Runtime, "readFile">,
  file: URL,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return await runtime.readFile(file);
  } catch (failure) {
    if (systemCodeOf(failure) === "ENOENT") return undefined;
    throw failure;
  }
}
