import { describe, expect, test } from "vitest";
import { isReady, notReady, type Readiness } from "../../src/front/readiness.ts";
import { readinessOf } from "../../src/http/mod.ts";
import type { Usage } from "../../src/runtime.ts";
import { appByHand } from "../support/app.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { faultsOf } from "../support/openapi.ts";
import { sessionsByHand } from "../support/sessions.ts";
import { openStore, temporaryFolder } from "../support/stores.ts";

const USAGE: Usage = { residentBytes: 1, cpuSeconds: 1, startedAt: 1 };
const PARTS = ["sessions", "store", "sources", "descriptors"];

const failing = ({ checks }: Readiness): string[] => checks.filter(({ ok }) => !ok).map(({ name }) => name);

describe("readiness", () => {
  test("is of four parts", () => {
    const readiness = readinessOf(sessionsByHand().sessions, USAGE);
    expect([readiness.status, readiness.checks.map(({ name }) => name)]).toEqual(["ready", PARTS]);
  });

  test("names the sources where one is lost, and new sessions are served all the same", async () => {
    const { sessions, start } = sessionsByHand();
    const { session, source } = await start();
    source.tell({ connected: false, lastError: "Cannot read from 10.1.2.3:4567: refused" });
    const readiness = readinessOf(sessions, USAGE);
    expect([readiness.status, failing(readiness), isReady(readiness)]).toEqual(["degraded", ["sources"], true]);
    expect(JSON.stringify(readiness)).not.toContain("10.1.2.3");
    await session.stop("stopped");
    expect(readinessOf(sessions, USAGE).status).toBe("ready");
  });

  test("names the store where nothing can be kept, in no words of the system", async () => {
    await using folder = await temporaryFolder();
    await using store = openStore(folder.path, { clock: new ManualClock() });
    const { sessions } = sessionsByHand({}, store);
    Object.defineProperty(store, "trouble", { value: `Cannot keep batches: EIO, ${folder.path}/sluice.db` });
    const readiness = readinessOf(sessions, USAGE);
    expect([readiness.status, failing(readiness), isReady(readiness)]).toEqual(["degraded", ["store"], false]);
    expect(JSON.stringify(readiness)).not.toContain(folder.path);
  });

  test.each([
    [92, 100, []],
    [93, 100, ["descriptors"]],
    [5, Infinity, []],
  ])("with %i of %i descriptors in use names %j", (openDescriptors, maxDescriptors, wanted) => {
    const readiness = readinessOf(sessionsByHand().sessions, { ...USAGE, openDescriptors, maxDescriptors });
    expect([failing(readiness), isReady(readiness)]).toEqual([wanted, wanted.length === 0]);
  });

  test("of a service that begins or ends names the sessions", () => {
    for (const status of ["starting", "stopping"] as const) {
      const readiness = notReady(status);
      expect([readiness.status, failing(readiness), isReady(readiness)]).toEqual([status, ["sessions"], false]);
    }
  });
});

test("GET /readyz is 503 while the service stops, and /livez 200", async () => {
  const { app, sessions } = appByHand();
  const ask = async (path: string): Promise<[number, unknown]> => {
    const response = await app.request(path, { headers: { host: "localhost" } });
    expect(response.headers.get("content-type")).toBe("application/json");
    return [response.status, await response.json()];
  };
  expect(await ask("/readyz")).toEqual([200, { status: "ready", checks: PARTS.map((name) => ({ name, ok: true })) }]);
  await sessions.close();
  const check = { name: "sessions", ok: false, detail: "the service is stopping" };
  expect(await ask("/readyz")).toEqual([503, { status: "stopping", checks: [check] }]);
  expect(faultsOf("Readiness", { status: "stopping", checks: [check] })).toEqual([]);
  expect(await ask("/livez")).toEqual([200, { status: "ok" }]);
});
