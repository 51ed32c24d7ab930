/** How commands follow a session: the same options, the same words when it cannot be. @module */

import { follow, type FollowOptions, type Link, type StreamEvent } from "../client/mod.js";
import { messageOf, SluiceError } from "../errors.ts";
import { safeText } from "../safe_text.ts";
import type { Given, Option } from "./options.ts";
import { note } from "./terminal.ts";

/** Options every such command has. */
export const FOLLOW_OPTIONS: Readonly<Record<"transport" | "token", Option>> = {
  transport: { type: "string", value: "NAME", help: "sse or ws (default sse)" },
  token: { type: "string", value: "TOKEN", help: "bearer token (SLUICE_TOKEN)" },
};

/** How a command follows. */
export interface Following {
  readonly command: string;
  readonly given: Given;
  /** Where to begin: `now`, `earliest`, `-n` or a cursor. */
  readonly from: string;
  readonly top?: number;
}

/**
 * The events of the session that is the command's argument, over however many connections. Fails with `unreachable` when not
 * even the first of them comes about, and with `bad_option` for what cannot be followed.
 */
export async function* followGiven({ command, given, from, top }: Following): AsyncGenerator<StreamEvent, void, void> {
  const url = given.positionals[0] ?? "";
  const stop = new AbortController();
  let wasLive = false;
  const onState = ({ state, reason, delayMs }: Link): void => {
    wasLive ||= state === "live";
    if (state !== "waiting" || delayMs === 0) return;
    const said = safeText(reason ?? "");
    if (wasLive) note(`sluice ${command}: ${said}; next try in ${(delayMs / 1000).toFixed(1)} s`);
    else stop.abort(new SluiceError("unreachable", `Cannot reach ${new URL(url).origin}: ${said}`));
  };
  const options: FollowOptions = {
    ...beginningAt(from),
    ...(top !== undefined && { top }),
    transport: given.text("transport") as "sse" | "ws" | undefined,
    token: tokenOf(given),
    violations: "yield",
    signal: stop.signal,
    onState,
  };
  yield* start(url, options);
}

function start(url: string, options: FollowOptions): AsyncGenerator<StreamEvent, void, void> {
  try {
    return follow(url, options);
  } catch (failure) {
    throw new SluiceError("bad_option", messageOf(failure), { cause: failure });
  }
}

function beginningAt(from: string): FollowOptions {
  if (from === "now" || from === "earliest") return { since: from };
  return /^-\d{1,9}$/.test(from) ? { since: Number(from) } : { after: from };
}

/** The bearer token, if there is one. */
export function tokenOf(given: Given): string | undefined {
  return given.text("token") ?? process.env["SLUICE_TOKEN"];
}
