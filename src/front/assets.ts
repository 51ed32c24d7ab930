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

/** gzip among the encodings somebody takes, and how much they like it. */
const GZIP = /\bgzip\b(?:\s*;\s*q=(?<share>[\d.]+))?/i;
const tags = new WeakMap<Uint8Array, string>();
/** Files as they are sent zipped. */
const zipped = new WeakMap<Uint8Array, Promise<Uint8Array<ArrayBuffer>>>();

/** The answer to a request for a file. */
export async function assetFor({ headers: asked }: Request, { type, bytes }: Asset): Promise<Found> {
  const etag = tags.get(bytes) ?? tagOf(bytes);
  tags.set(bytes, etag);
  const headers = { "content-type": type, "cache-control": "no-cache", vary: "accept-encoding", etag };
  if (asked.get("if-none-match")?.includes(etag) === true) return { status: 304, body: null, headers };
  const gzipped = GZIP.exec(asked.get("accept-encoding") ?? "");
  if (gzipped === null || Number(gzipped.groups?.["share"] ?? 1) === 0) return { body: bytes, headers };
  const zipping = zipped.get(bytes) ?? gzip(bytes);
  zipped.set(bytes, zipping);
  return { body: await zipping, headers: { ...headers, "content-encoding": "gzip" } };
}

/** An entity tag; weak, as the bytes sent differ with the encoding. */
function tagOf(bytes: Uint8Array<ArrayBuffer>): string {
  return `W/"${hashOf(bytes)}"`;
}

/** Tells versions of a file apart. By words of four bytes: the first answer of a process waits for it, and nothing is compiled by then. */
function hashOf(bytes: Uint8Array<ArrayBuffer>): string {
  const end = bytes.length - (bytes.length % 4);
  // Of the buffer: Node reads files into larger ones, at any place.
  const words = new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + end));
  let [one, two] = [0x811c9dc5, bytes.length];
  for (let i = 0; i < words.length; i++) {
    one = Math.imul(one ^ (words[i] as number), 0x01000193);
    two = Math.imul(two ^ (words[i] as number) ^ (one >>> 15), 0x5bd1e995);
  }
  for (let i = end; i < bytes.length; i++) one = Math.imul(one ^ (bytes[i] as number), 0x01000193);
  return `${(one >>> 0).toString(36)}${(two >>> 0).toString(36)}`;
}

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const body = new Response(bytes).body?.pipeThrough(new CompressionStream("gzip")) ?? null;
  return new Uint8Array(await new Response(body).arrayBuffer());
}
