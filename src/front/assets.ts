/** How a file for browsers is sent: zipped to those who take it, and not at all to those who have it. @module */

/** A file of the page. */
export interface Asset {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What a GET of a path gets here; by default status 200. */
export interface Found {
  readonly status?: number;
  readonly body: string | Uint8Array<ArrayBuffer> | null;
  readonly headers: Readonly<Record<string, string>>;
}

const TAKES_GZIP = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/i;
/** Files as they are sent zipped. */
const zipped = new WeakMap<Uint8Array, Promise<Uint8Array<ArrayBuffer>>>();

/** The answer to a request for a file. */
export async function assetFor({ headers: asked }: Request, { type, bytes }: Asset): Promise<Found> {
  // Weak: the bytes sent differ with the encoding.
  const etag = `W/"${hashOf(bytes, 0x811c9dc5)}${hashOf(bytes, 0x01000193)}"`;
  const headers = { "content-type": type, "cache-control": "no-cache", vary: "accept-encoding", etag };
  if (asked.get("if-none-match")?.includes(etag) === true) return { status: 304, body: null, headers };
  if (!TAKES_GZIP.test(asked.get("accept-encoding") ?? "")) return { body: bytes, headers };
  const zipping = zipped.get(bytes) ?? gzip(bytes);
  zipped.set(bytes, zipping);
  return { body: await zipping, headers: { ...headers, "content-encoding": "gzip" } };
}

/** FNV-1a: tells versions of a file apart, at no cost to the start. */
function hashOf(bytes: Uint8Array, seed: number): string {
  let hash = seed;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(36);
}

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const body = new Response(bytes).body?.pipeThrough(new CompressionStream("gzip")) ?? null;
  return new Uint8Array(await new Response(body).arrayBuffer());
}
