/** A port of the commands that are not the service. @module */

import { SluiceError } from "../errors.ts";
import { SETTINGS } from "./settings.ts";

/** A port as text; 0 means any free one. */
export function parsePort(text: string, name: string): number {
  const { kind } = SETTINGS.port;
  const port = kind.read(text);
  if (port !== undefined) return port;
  throw new SluiceError("bad_option", `Cannot use ${name} ${JSON.stringify(text)}: ${kind.wanted} is wanted`);
}
