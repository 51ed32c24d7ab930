/** Sessions: created, shown, stopped, deleted. @module */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { post, problem, QUICK, QUIET, read, startSession, stop } from "../client.ts";
import type { EndJson, SessionJson } from "../json.ts";
import { startServer, type Server } from "../server.ts";
import { follow } from "../sse.ts";

const JSON_TYPE = { "content-type": "application/json" };

export function restContract(server: () => Server): void {
  const sessions = (): string => `${server().url}/sessions`;

  describe("POST /sessions", () => {
    test("starts the lab of the seed when there is no body, and makes its file", async () => {
      const response = await fetch(sessions(), { method: "POST" });
      const session = await read<SessionJson>(response, 201);
      expect(response.headers.get("location")).toBe(`/sessions/${session.id}`);
      expect(session).toMatchObject({
        id: expect.stringMatching(/^s_[a-z0-9]+$/),
        name: null,
        state: "running",
        durationMs: null,
        batchIntervalMs: 5000,
        followers: 0,
        head: null,
        tail: null,
        lastError: null,
        pipeline: { separator: " " },
        source: { type: "emitter", file: "messages.txt", intervalMs: 2000, host: "127.0.0.1", connected: true },
        total: { batches: 0, lines: 0, words: 0, bytes: 0, sourceGaps: 0 },
        links: {
          self: `/sessions/${session.id}`,
          sse: `/sessions/${session.id}/sse`,
          ws: `/sessions/${session.id}/ws`,
        },
      });
      expect(session.source.port).toBeGreaterThan(1023);
      const lines = (await readFile(join(server().folder, "messages.txt"), "utf8")).split("\n");
      expect(lines.filter((line) => line !== "")).toHaveLength(5);
      expect(lines[0]).toBe("spark streaming dstream");
      await stop({ url: `${sessions()}/${session.id}` });
    });

    test("takes every field of a body", async () => {
      const source = { type: "emitter", lines: ["x", "y"], intervalMs: 7, seed: 3, maxLines: 1_000_000 };
      const asked = { name: "é", source, batchIntervalMs: 200, durationMs: 60_000, pipeline: { separator: "," } };
      await using session = await startSession(server(), asked);
      const { name, batchIntervalMs, source: status } = session;
      expect({ name, batchIntervalMs }).toEqual({ name: "é", batchIntervalMs: 200 });
      expect(session).toMatchObject({ durationMs: 60_000, pipeline: { separator: "," } });
      expect(status).toMatchObject({ lines: 2, intervalMs: 7, seed: 3, maxLines: 1_000_000 });
    });

    test("refuses a body that is not JSON with 400", async () => {
      await problem(fetch(sessions(), { method: "POST", headers: JSON_TYPE, body: "{" }), 400, "bad-json");
    });

    test("refuses another media type with 415", async () => {
      const text = { "content-type": "text/plain" };
      await problem(fetch(sessions(), { method: "POST", headers: text, body: "{}" }), 415, "content-type");
    });

    test("refuses a body longer than the limit with 413, whether its length is told or not", async () => {
      const body = JSON.stringify({ name: "x".repeat(65_536) });
      await problem(fetch(sessions(), { method: "POST", headers: JSON_TYPE, body }), 413, "body-too-large");
      const untold = new Blob([body]).stream();
      // The types do not know `duplex` yet, and without it Node takes no stream.
      const asking = { method: "POST", headers: JSON_TYPE, body: untold, duplex: "half" };
      await problem(fetch(sessions(), asking), 413, "body-too-large");
    });

    test("names every field at fault with its pointer in a 422", async () => {
      const asked = { batchIntervalMs: 99, colour: "red", source: { type: "emitter", intervalMs: "soon" } };
      const { errors } = await problem(post(sessions(), asked), 422, "bad-spec");
      const pointers = errors?.map(({ pointer }) => pointer).toSorted();
      expect(pointers).toEqual(["/batchIntervalMs", "/colour", "/source/intervalMs"]);
    });

    test("refuses a file outside the data folder with 422", async () => {
      const source = { type: "emitter", file: "../../../etc/passwd" };
      await problem(post(sessions(), { source }), 422, "file-outside");
    });

    test("refuses a port that is taken with 409", async () => {
      await using first = await startSession(server(), QUIET);
      const source = { ...QUIET.source, port: first.source.port };
      await problem(post(sessions(), { source }), 409, "port-taken");
    });

    test("degrades a session whose TCP server does not answer, and says why", async () => {
      await using session = await startSession(server(), { source: { type: "socket", host: "127.0.0.1", port: 1 } });
      expect(session).toMatchObject({ state: "degraded", lastError: expect.stringContaining("connection refused") });
    });
  });

  describe("GET /sessions", () => {
    test("pages through all sessions in order of creation", async () => {
      await using own = await startServer(server().runtime);
      const ids: string[] = [];
      for (let i = 0; i < 5; i++) ids.push((await startSession(own, QUIET)).id);
      const pages: string[][] = [];
      for (let path: string | null = "/sessions?limit=2"; path !== null;) {
        const page: { items: SessionJson[]; next: string | null } = await read(fetch(own.url + path));
        pages.push(page.items.map(({ id }) => id));
        path = page.next;
      }
      expect(pages).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
      await stop({ url: `${own.url}/sessions/${ids[1]}` });
      const stopped = await read<{ items: SessionJson[] }>(fetch(`${own.url}/sessions?state=stopped`));
      expect(stopped.items.map(({ id }) => id)).toEqual([ids[1]]);
    });

    test("refuses a state that there is not with 400", async () => {
      await problem(fetch(`${sessions()}?state=asleep`), 400, "bad-parameter");
    });
  });

  describe("one session", () => {
    test("is shown as it was created, and never from a cache", async () => {
      await using session = await startSession(server(), QUIET);
      const response = await fetch(session.url);
      expect(response.headers.get("cache-control")).toBe("no-store");
      const { id, epoch, state } = await read<SessionJson>(response);
      expect({ id, epoch, state }).toEqual({ id: session.id, epoch: session.epoch, state: "running" });
    });

    test("answers HEAD as GET without a body", async () => {
      await using session = await startSession(server(), QUIET);
      const response = await fetch(session.url, { method: "HEAD" });
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toMatch(/^application\/json/);
      expect(await response.text()).toBe("");
    });

    test("that there is not is a 404", async () => {
      await problem(fetch(`${sessions()}/s_nothere`), 404, "no-such-session");
    });

    test("is not looked for by a head longer than the HTTP server reads, which Deno reads further", async () => {
      const response = await fetch(`${sessions()}/${"a".repeat(17_000)}`);
      const isRead = server().runtime === "deno";
      const hasBody = (await response.text()) !== "";
      expect([response.status, hasBody]).toEqual(isRead ? [404, true] : [431, false]);
    });

    test("stops gracefully with one last batch, and answers the same when it is asked again", async () => {
      await using session = await startSession(server(), QUIET);
      const first = await stop(session);
      expect(first).toMatchObject({ state: "stopped", endReason: "stopped", nextBatchAt: null });
      expect(first.head).toBe(`${session.epoch}:1`);
      expect(first.total).toMatchObject({ batches: 1, lines: first.source.sent.lines, bytes: first.source.sent.bytes });
      expect(await stop(session)).toEqual(first);
      const batch = await read(fetch(`${session.url}/batches/1`));
      expect(batch).toMatchObject({ partial: true, final: true, prev: null });
    });

    test("stops without a last batch when it is not to be graceful", async () => {
      await using session = await startSession(server(), QUIET);
      const stopped = await read<SessionJson>(post(`${session.url}/stop`, { graceful: false }));
      expect(stopped).toMatchObject({ state: "stopped", head: null, total: { batches: 0 } });
    });

    test("refuses to stop in a way that is not known with 422", async () => {
      await using session = await startSession(server(), QUIET);
      const { errors } = await problem(post(`${session.url}/stop`, { graceful: "very" }), 422, "bad-spec");
      expect(errors?.map(({ pointer }) => pointer)).toEqual(["/graceful"]);
    });

    test("stops by itself after its duration", async () => {
      await using session = await startSession(server(), { ...QUICK, durationMs: 250 });
      await using stream = await follow(`${session.url}/sse`);
      expect((await stream.next<EndJson>("end")).reason).toBe("duration");
      expect(await read(fetch(session.url))).toMatchObject({ state: "stopped", endReason: "duration" });
    });

    test("is gone once it is deleted", async () => {
      const session = await startSession(server());
      const deleted = await fetch(session.url, { method: "DELETE" });
      expect([deleted.status, await deleted.text()]).toEqual([204, ""]);
      await problem(fetch(session.url, { method: "DELETE" }), 404, "no-such-session");
      await problem(fetch(session.url), 404, "no-such-session");
    });
  });
}
