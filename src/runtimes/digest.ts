/** SHA-256, which is the same on every runtime. @module */

import type { createHash as CreateHash } from "node:crypto";

let createHash: typeof CreateHash | undefined;

/** The digest of a text's UTF-8 bytes, as 64 hexadecimal digits. */
export function sha256(text: string): string {
  // Not imported, because a service is to listen first: it takes Deno and Bun longer to load than all of their own server.
  createHash ??= process.getBuiltinModule("node:crypto").createHash;
  return createHash("sha256").update(text).digest("hex");
}
