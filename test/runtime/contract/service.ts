/** Paths and methods, and what the service says of itself. @module */

import { describe, expect, test } from "vitest";
import { problem, QUIET, read, startSession } from "../client.ts";
import type { LimitJson } from "../json.ts";
import type { Server } from "../server.ts";
import { follow } from "../sse.ts";

export function serviceContract(server: () => Server): void {
  const sessions = (): string => `${server().url}/sessions`;

  describe("a path", () => {
    test.for([
      ["PUT", "/sessions", "GET, HEAD, POST, OPTIONS"],
      ["POST", "/sessions/s_x", "GET, HEAD, DELETE, OPTIONS"],
      ["GET", "/sessions/s_x/stop", "POST, OPTIONS"],
      ["DELETE", "/healthz", "GET, HEAD, OPTIONS"],
    ])("refuses %s %s with 405 and says what it allows", async ([method = "", path = "", allow]) => {
      const response = await fetch(server().url + path, { method });
      expect(response.headers.get("allow")).toBe(allow);
      await problem(response, 405, "method-not-allowed");
    });

    test("tells its methods to OPTIONS", async () => {
      const response = await fetch(sessions(), { method: "OPTIONS" });
      expect([response.status, response.headers.get("allow")]).toEqual([204, "GET, HEAD, POST, OPTIONS"]);
    });

    test("that there is not is a 404", async () => {
      await problem(fetch(`${server().url}/nothing/here`), 404, "no-such-route");
    });
  });

  describe("the service", () => {
    test("says that it is well and ready", async () => {
      expect(await read(fetch(`${server().url}/healthz`))).toEqual({ status: "ok" });
      expect(await read(fetch(`${server().url}/livez`))).toEqual({ status: "ok" });
      expect(await read(fetch(`${server().url}/readyz`))).toMatchObject({
        // Others' sessions may have sources in trouble.
        status: expect.stringMatching(/^(?:ready|degraded)$/),
        checks: expect.arrayContaining([
          { name: "sessions", ok: true },
          { name: "store", ok: true },
        ]),
      });
    });

    test("says what it is", async () => {
      const { name, version, runtime } = await read<Record<string, string>>(fetch(`${server().url}/version`));
      expect(name).toBe("sluice");
      expect(version).toMatch(/^\d+\.\d+\.\d+/);
      expect(runtime).toMatch(new RegExp(`^${server().runtime} \\d+\\.\\d+`));
    });

    test("describes its API, and its streams", async () => {
      const response = await fetch(`${server().url}/openapi.json`);
      expect(response.headers.get("content-type")).toBe("application/json");
      expect(await response.json()).toMatchObject({ openapi: "3.2.0", paths: { "/openapi.json": {} } });
      const streams = await read(fetch(`${server().url}/asyncapi.json`));
      expect(streams).toMatchObject({ asyncapi: "3.0.0", channels: { severalSocket: { address: "/ws" } } });
    });

    test("says its limits", async () => {
      await using session = await startSession(server(), QUIET);
      await using stream = await follow(`${session.url}/sse`);
      await stream.next("hello");
      const { items } = await read<{ items: LimitJson[] }>(fetch(`${server().url}/limits`));
      const byName = new Map(items.map((limit) => [limit.name, limit]));
      expect(byName.get("maxBodyBytes")).toMatchObject({ value: 65_536, unit: "bytes", used: null });
      expect(byName.get("maxSessions")).toMatchObject({ value: 64, consequence: "429 too-many-sessions" });
      for (const name of ["maxSessions", "maxFollowers", "maxTotalFollowers", "maxDescriptors"])
        expect(byName.get(name)?.used).toBeGreaterThan(0);
      // From this machine nobody is counted by address.
      expect([byName.get("maxFollowersPerAddress")?.used, byName.get("maxAddresses")?.used]).toEqual([0, 0]);
    });

    test("explains a problem where its type leads", async () => {
      const { type } = await problem(fetch(`${sessions()}/s_nothere`), 404, "no-such-session");
      const response = await fetch(server().url + type);
      expect(response.headers.get("content-type")).toMatch(/^text\/plain/);
      expect(await response.text()).toMatch(/^no-such-session: HTTP 404\n\nCause: .+\nCure: .+\n$/);
      await problem(fetch(`${server().url}/problems/unheard-of`), 404, "no-such-route");
    });

    test("has the client, as modules that are all there", async () => {
      const seen = new Set<string>();
      const visit = async (path: string): Promise<void> => {
        if (seen.has(path)) return;
        seen.add(path);
        const response = await fetch(server().url + path);
        expect([path, response.status, response.headers.get("content-type")]).toEqual([
          path,
          200,
          "text/javascript; charset=utf-8",
        ]);
        const imports = [...(await response.text()).matchAll(/^(?:import|export) .*from "(\.[^"]+)";$/gm)];
        for (const [, name = ""] of imports) await visit(new URL(name, `http://host${path}`).pathname);
      };
      await visit("/client.js");
      expect(seen.size).toBeGreaterThan(10);
    });

    test("has a page, which may run nothing of others", async () => {
      const response = await fetch(server().url);
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
      expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      expect(await response.text()).toMatch(/^<!doctype html>/i);
    });
  });
}
