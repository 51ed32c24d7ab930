/** The files that are served as they are, the page's, the client's and the API's descriptions, each read when it is first asked for. @module */

import { systemCodeOf } from "./errors.ts";
import type { Asset } from "./front/mod.ts";
import type { Runtime } from "./runtime.ts";

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
  json: "application/json",
};

const FILE = /^\/((?:web|client)\/(?:vendor\/)?[\w.]+\.(?:js|css|svg|txt))$/;
/** Files by paths of their own. */
const OWN_PATHS: Readonly<Record<string, string>> = {
  "/": "web/index.html",
  "/openapi.json": "openapi.json",
  "/asyncapi.json": "asyncapi.json",
};
/** Where a page finds the client, however it may be divided into files. */
const CLIENT_DOOR = new TextEncoder().encode('export * from "./client/mod.js";\n');

/** Gives a file by its path, undefined where there is none: `index.html` is at `/`, the API's descriptions at `/openapi.json` and `/asyncapi.json`, the others are below `/web/` and `/client/`. */
export function pageOf(runtime: Pick<Runtime, "readFile">): (path: string) => Promise<Asset | undefined> {
  const read = new Map<string, Promise<Asset | undefined>>();
  return (path) => {
    if (path === "/client.js") return Promise.resolve({ type: typeOf(path), bytes: CLIENT_DOOR });
    // Nothing but plain names: there is no way out of the folders.
    const name = OWN_PATHS[path] ?? FILE.exec(path)?.[1];
    const known = read.get(path);
    if (known !== undefined || name === undefined) return known ?? Promise.resolve(undefined);
    // Also while it is being read: many may ask at once.
    const reading = assetOf(runtime, name);
    read.set(path, reading);
    const forget = (): void => void read.delete(path);
    reading.then((asset) => asset ?? forget(), forget);
    return reading;
  };
}

async function assetOf(runtime: Pick<Runtime, "readFile">, name: string): Promise<Asset | undefined> {
  const bytes = await readIfThere(runtime, new URL(`./${name}`, import.meta.url));
  return bytes && { type: typeOf(name), bytes };
}

function typeOf(name: string): string {
  return MEDIA_TYPES[name.split(".").at(-1) ?? ""] ?? "application/octet-stream";
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
