/** SHA-256, which is the same on every runtime. @module */

import { hash } from "node:crypto";

/** The digest of a text's UTF-8 bytes, as 64 hexadecimal digits. */
export function sha256(text: string): string {
  return hash("sha256", text, "hex");
}
