/** What all long answers have in common: their requests, their headers, their first line. @module */

import type { Context } from "hono";
import { SluiceError } from "../errors.ts";
import type { Exchange, Runtime } from "../runtime.ts";
import { SECURITY_HEADERS } from "../front/mod.ts";
import { wholeParameter } from "./requests.ts";

/** The WebSocket subprotocol; a breaking change needs a new one. */
const SUBPROTOCOL = "sluice.v1.json";
const MAX_TOP = 1_000_000;
const RETRY_MS = 2000;
const encoder = new TextEncoder();

/** The part of a runtime that answers with streams. */
export type Streaming = Pick<Runtime, "stream" | "upgrade">;

/** Headers of an answer that nobody may keep or hold up. */
export function streamHeaders(contentType: string): Record<string, string> {
  return {
    ...SECURITY_HEADERS,
    "content-type": contentType,
    "cache-control": "no-store, no-transform",
    "x-accel-buffering": "no",
  };
}

/** The first line of an event stream. Those who lost their server at the same time shall not all come back at the same time. */
export function retryLine(): Uint8Array {
  return encoder.encode(`retry: ${Math.round(RETRY_MS * (0.5 + Math.random()))}\n\n`);
}

/** How many words of a batch are wanted. */
export function topOf(c: Context, otherwise: number): number {
  return wholeParameter(c, "top", { least: 0, most: MAX_TOP, otherwise });
}

/** The request with what its runtime knows of it. */
export function exchangeOf(c: Context): Exchange {
  return { request: c.req.raw, native: c.env };
}

/** The subprotocol of a WebSocket that is asked for. Null when nothing was offered; to offer only what is not spoken here is refused. */
export function upgradeOf(c: Context): string | null {
  const [upgrade, connection] = [c.req.header("upgrade") ?? "", c.req.header("connection") ?? ""];
  if (upgrade.toLowerCase() !== "websocket" || !/(?:^|[\s,])upgrade(?:$|[\s,])/i.test(connection)) {
    throw new SluiceError(
      "upgrade_required",
      "Cannot answer: this path speaks WebSocket only and the request is no upgrade",
    );
  }
  const offered = c.req.header("sec-websocket-protocol");
  if (offered === undefined) return null;
  const names = offered.split(",").map((name) => name.trim());
  if (names.includes(SUBPROTOCOL)) return SUBPROTOCOL;
  const shown = JSON.stringify(offered.slice(0, 60));
  throw new SluiceError(
    "no_common_protocol",
    `Cannot speak any of the offered subprotocols ${shown}: ${SUBPROTOCOL} is spoken`,
  );
}
