/** SHA-256, which is the same on every runtime. @module */

import { createHash } from "node:crypto";

/** The digest of a text's UTF-8 bytes, as 64 hexadecimal digits. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
