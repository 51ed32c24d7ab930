/** SHA-256, which is the same on every runtime. @module */

import type * as Crypto from "node:crypto";

let loaded: typeof Crypto | undefined;

/** Not imported, because a service is to listen first: it takes Deno and Bun longer to load than all of their own server. */
function crypto(): typeof Crypto {
  return (loaded ??= process.getBuiltinModule("node:crypto"));
}

/** A digest of bytes that come in pieces. */
export function newSha256(): { update(bytes: Uint8Array): void; digest(): string } {
  const hash = crypto().createHash("sha256");
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest("hex") };
}

/** The digest of a text's UTF-8 bytes, as 64 hexadecimal digits. */
export function sha256(text: string): string {
  return crypto().hash("sha256", text, "hex");
}
