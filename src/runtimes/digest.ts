/** SHA-256, which is the same on every runtime. @module */

import type { hash as Hash } from "node:crypto";

let hash: typeof Hash | undefined;

/** The digest of a text's UTF-8 bytes, as 64 hexadecimal digits. */
export function sha256(text: string): string {
  // Not imported, because a service is to listen first: it takes Deno and Bun longer to load than all of their own server.
  hash ??= process.getBuiltinModule("node:crypto").hash;
  return hash("sha256", text, "hex");
}
