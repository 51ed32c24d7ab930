/** The page's files, as they are sent. @module */

import type { Context } from "hono";

/** A file of the page. */
export interface Asset {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** An asset, made ready when it is first asked for. */
interface Ready {
  readonly etag: string;
  readonly zipped: Uint8Array<ArrayBuffer>;
}

/** Answers with one asset: zipped to those who take it, and not at all to those who have it. */
export function assetHandler({ type, bytes }: Asset): (c: Context) => Promise<Response> {
  let making: Promise<Ready> | undefined;
  return async (c) => {
    making ??= makeReady(bytes);
    const { etag, zipped } = await making;
    const headers = { "content-type": type, "cache-control": "no-cache", vary: "accept-encoding", etag };
    if (c.req.header("if-none-match")?.includes(etag) === true) return c.body(null, 304, headers);
    const takesGzip = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/i.test(c.req.header("accept-encoding") ?? "");
    return takesGzip ? c.body(zipped, 200, { ...headers, "content-encoding": "gzip" }) : c.body(bytes, 200, headers);
  };
}

async function makeReady(bytes: Uint8Array<ArrayBuffer>): Promise<Ready> {
  const [sum, zipped] = await Promise.all([crypto.subtle.digest("SHA-256", bytes), gzip(bytes)]);
  const name = Array.from(new Uint8Array(sum, 0, 12), (byte) => byte.toString(16).padStart(2, "0")).join("");
  // Weak: the bytes sent differ with the encoding.
  return { etag: `W/"${name}"`, zipped };
}

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const body = new Response(bytes).body?.pipeThrough(new CompressionStream("gzip")) ?? null;
  return new Uint8Array(await new Response(body).arrayBuffer());
}
