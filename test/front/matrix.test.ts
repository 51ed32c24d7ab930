/** What a page of elsewhere may try: every kind of body, every origin, every word of the browser's on where it comes from. */

import { describe, expect, test } from "vitest";
import { appByHand } from "../support/app.ts";

const OWN = "http://localhost";
const EVIL = "http://evil.example";
const BODY = JSON.stringify({ name: "made" });

const TYPES = {
  json: { "content-type": "application/json" },
  text: { "content-type": "text/plain" },
  form: { "content-type": "application/x-www-form-urlencoded" },
  upload: { "content-type": "multipart/form-data; boundary=x" },
  none: {},
} as const;

/** What the browser says: of a page of its own, of another, or nothing, as what is no browser. */
const FROM = {
  "no browser": {},
  "its own page": { origin: OWN, "sec-fetch-site": "same-origin" },
  "another origin": { origin: EVIL, "sec-fetch-site": "cross-site" },
  "another port": { origin: "http://localhost:1", "sec-fetch-site": "same-site" },
  "a sandbox": { origin: "null", "sec-fetch-site": "cross-site" },
  "another site without an origin": { "sec-fetch-site": "cross-site" },
  "an origin that contradicts": { origin: OWN, "sec-fetch-site": "cross-site" },
  "another origin of an old browser": { origin: EVIL },
} as const;

const STATUS = { json: 201, text: 415, form: 415, upload: 415, none: 415 } as const;
const MAY = new Set(["no browser", "its own page"]);
const rows = Object.keys(TYPES).flatMap((type) => Object.keys(FROM).map((from) => [type, from] as const));

describe("a session", () => {
  test.each(rows)("asked for as %s by %s", async (type, from) => {
    const { app, sessions } = appByHand();
    const bytes = new TextEncoder().encode(BODY);
    const headers = { host: "localhost", ...TYPES[type as keyof typeof TYPES], ...FROM[from as keyof typeof FROM] };
    const { status } = await app.request("/sessions", { method: "POST", headers, body: bytes });
    const wanted = MAY.has(from) ? STATUS[type as keyof typeof STATUS] : 403;
    expect([status, sessions.all().length]).toEqual([wanted, wanted === 201 ? 1 : 0]);
  });

  test.each(Object.keys(FROM))("is not stopped, deleted or given a ticket for by %s, unless it may", async (from) => {
    const { app, start } = appByHand();
    const { session } = await start();
    const headers = { host: "localhost", ...FROM[from as keyof typeof FROM] };
    const may = MAY.has(from);
    const asked = async (method: string, path: string): Promise<number> =>
      (await app.request(path, { method, headers })).status;
    expect(await asked("POST", "/tickets")).toBe(may ? 201 : 403);
    expect(await asked("POST", `/sessions/${session.id}/stop`)).toBe(may ? 200 : 403);
    expect(session.isOver).toBe(may);
    expect(await asked("DELETE", `/sessions/${session.id}`)).toBe(may ? 204 : 403);
    expect(await asked("GET", `/sessions/${session.id}`)).toBe(may ? 404 : 200);
    // An upgrade changes nothing here, but what it brings can be read.
    const upgrade = { ...headers, upgrade: "websocket", connection: "upgrade" };
    const { status } = await app.request("/ws", { headers: upgrade });
    expect(status === 403).toBe(!may);
  });

  test.each(["text/plain", "application/jsonp", "text/json", "application/x-www-form-urlencoded", "", "json"])(
    "is not stopped by a body of type %j",
    async (type) => {
      const { app, start } = appByHand();
      const { session } = await start();
      const body = new TextEncoder().encode("{}");
      const headers = { host: "localhost", ...(type !== "" && { "content-type": type }) };
      const { status } = await app.request(`/sessions/${session.id}/stop`, { method: "POST", headers, body });
      expect([status, session.isOver]).toEqual([415, false]);
    },
  );

  test("is read by no page of elsewhere: nothing says that it may", async () => {
    const { app, start } = appByHand();
    const { session } = await start();
    for (const path of ["", "/batches", "/sse", "/text"]) {
      const headers = { host: "localhost", origin: EVIL };
      const response = await app.request(`/sessions/${session.id}${path}`, { headers });
      const isStream = path === "/sse" || path === "/text";
      expect([path, response.status]).toEqual([path, isStream ? 403 : 200]);
      const names = [...response.headers.keys()].filter((name) => name.startsWith("access-control-"));
      expect([names, response.headers.get("cross-origin-resource-policy")]).toEqual([[], "same-origin"]);
      await response.body?.cancel();
    }
    // A link from elsewhere may be followed.
    const navigation = { host: "localhost", "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
    const followed = await app.request(`/sessions/${session.id}/text`, { headers: navigation });
    expect(followed.status).toBe(200);
    await followed.body?.cancel();
    const preflight = {
      method: "OPTIONS",
      headers: { host: "localhost", origin: EVIL, "access-control-request-method": "POST" },
    };
    expect((await app.request("/sessions", preflight)).status).toBe(403);
  });
});
