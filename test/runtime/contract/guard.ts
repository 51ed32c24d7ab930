/** Who may ask at all. @module */

import { describe, expect, test } from "vitest";
import { handshake, QUIET, rawRequest, read, startSession, stop } from "../client.ts";
import type { SessionJson } from "../json.ts";
import type { Server } from "../server.ts";

const EVIL = "http://evil.example";

export function guardContract(server: () => Server): void {
  describe("the guard", () => {
    test("answers 421 for a host that is not this machine", async () => {
      const { status, headers, body } = await rawRequest(`${server().url}/sessions`, { host: "evil.example" });
      expect([status, headers["content-type"]]).toEqual([421, "application/problem+json"]);
      expect(JSON.parse(body)).toMatchObject({ type: "/problems/unknown-host", status: 421 });
    });

    test.for(["localhost", "127.0.0.1", "[::1]:1"])("answers for the host %s", async (host) => {
      expect((await rawRequest(`${server().url}/healthz`, { host })).status).toBe(200);
    });

    test("refuses the POST of another origin's page with 403, and does nothing", async () => {
      const headers = { origin: EVIL, "content-type": "application/json" };
      const asked = { method: "POST", body: JSON.stringify({ ...QUIET, name: "evil" }) };
      const { status, body } = await rawRequest(`${server().url}/sessions`, headers, asked);
      expect(status).toBe(403);
      expect(JSON.parse(body)).toMatchObject({ type: "/problems/forbidden-origin" });
      const { items } = await read<{ items: SessionJson[] }>(fetch(`${server().url}/sessions?limit=1000`));
      expect(items.map(({ name }) => name)).not.toContain("evil");
    });

    test("refuses the POST of another site's page that names no origin", async () => {
      const headers = { "sec-fetch-site": "cross-site" };
      expect((await rawRequest(`${server().url}/sessions`, headers, { method: "POST" })).status).toBe(403);
    });

    test("refuses the WebSocket of another origin's page with 403", async () => {
      await using session = await startSession(server(), QUIET);
      const { status, body } = await handshake(`${session.url}/ws`, { origin: EVIL });
      expect(status).toBe(403);
      expect(JSON.parse(body)).toMatchObject({ type: "/problems/forbidden-origin", status: 403 });
    });

    test("takes the POST and the WebSocket of its own page", async () => {
      await using session = await startSession(server(), QUIET);
      const origin = server().url;
      expect((await handshake(`${session.url}/ws`, { origin })).status).toBe(101);
      expect((await rawRequest(`${session.url}/stop`, { origin }, { method: "POST" })).status).toBe(200);
    });
  });

  describe("an upgrade to something else than WebSocket", () => {
    const headers = { connection: "Upgrade", upgrade: "foo" };

    test("is answered as if it were not asked for", async () => {
      const { status, body } = await rawRequest(`${server().url}/healthz`, headers);
      expect([status, JSON.parse(body)]).toEqual([200, { status: "ok" }]);
    });

    test("does not lose the request's body without a word", async () => {
      await using session = await startSession(server(), QUIET);
      const asking = { ...headers, "content-type": "application/json" };
      const body = JSON.stringify({ graceful: false });
      const answer = await rawRequest(`${session.url}/stop`, asking, { method: "POST", body });
      // Deno itself refuses an upgrade with a body.
      const taken = server().runtime !== "deno";
      expect(answer.status).toBe(taken ? 200 : 400);
      const { state, head } = await read<SessionJson>(fetch(session.url));
      expect([state, head]).toEqual([taken ? "stopped" : "running", null]);
    });

    test("is refused with 426 where only WebSocket is spoken", async () => {
      await using session = await startSession(server(), QUIET);
      expect((await rawRequest(`${session.url}/ws`, headers)).status).toBe(426);
    });

    test("does not keep anyone from following by SSE", async () => {
      await using session = await startSession(server(), QUIET);
      const { id, epoch } = await stop(session);
      const { status, body } = await rawRequest(`${session.url}/sse?after=${epoch}:0`, headers);
      expect([status, body.includes(`"session":"${id}"`), body.includes("event: end\n")]).toEqual([200, true, true]);
    });
  });
}
