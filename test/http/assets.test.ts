import { gunzipSync } from "node:zlib";
import { Hono } from "hono";
import { expect, test } from "vitest";
import { assetHandler } from "../../src/http/assets.ts";
import { utf8 } from "../support/bytes.ts";

const TEXT = "a page of the page ".repeat(100);
const app = new Hono().get("/", assetHandler({ type: "text/plain", bytes: utf8(TEXT) }));
const get = (headers: Record<string, string>): Promise<Response> => Promise.resolve(app.request("/", { headers }));

test.each([
  ["gzip", true],
  ["br, gzip;q=0.5", true],
  ["br", false],
  ["gzip;q=0, br", false],
])("an asset is sent to those who take %s, zipped: %s", async (accept, zipped) => {
  const response = await get({ "accept-encoding": accept });
  const bytes = Buffer.from(await response.arrayBuffer());
  expect(response.headers.get("content-encoding")).toBe(zipped ? "gzip" : null);
  expect((zipped ? gunzipSync(bytes) : bytes).toString()).toBe(TEXT);
});

test("an asset is not sent again to those who have it", async () => {
  const etag = (await get({})).headers.get("etag") ?? "";
  const again = await get({ "if-none-match": `"other", ${etag}` });
  expect([again.status, await again.text()]).toEqual([304, ""]);
  expect((await get({ "if-none-match": '"other"' })).status).toBe(200);
});
