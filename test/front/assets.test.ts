import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { assetFor, type Found } from "../../src/front/assets.ts";
import { utf8 } from "../support/bytes.ts";

const TEXT = "a page of the page ".repeat(100);
const asset = { type: "text/plain", bytes: utf8(TEXT) };
const get = (headers: Record<string, string>): Promise<Found> =>
  assetFor(new Request("http://localhost/", { headers }), asset);

test.each([
  ["gzip", true],
  ["br, gzip;q=0.5", true],
  ["br", false],
  ["gzip;q=0, br", false],
])("an asset is sent to those who take %s, zipped: %s", async (accept, zipped) => {
  const { headers, body } = await get({ "accept-encoding": accept });
  const bytes = Buffer.from(body as Uint8Array);
  expect(headers["content-encoding"]).toBe(zipped ? "gzip" : undefined);
  expect((zipped ? gunzipSync(bytes) : bytes).toString()).toBe(TEXT);
});

test("an asset is not sent again to those who have it", async () => {
  const etag = (await get({})).headers["etag"] ?? "";
  expect(await get({ "if-none-match": `"other", ${etag}` })).toMatchObject({ status: 304, body: null });
  expect(await get({ "if-none-match": '"other"' })).toMatchObject({ body: asset.bytes });
  expect(
    (await assetFor(new Request("http://localhost/"), { ...asset, bytes: utf8("other") })).headers["etag"],
  ).not.toBe(etag);
});
