import { describe, expect, test } from "vitest";
import { RUNTIMES, startServer } from "./server.ts";

const DESCRIPTORS = 100;

describe.each(RUNTIMES)("a service on %s that has no file descriptor left", (runtime) => {
  test("refuses a session, says how many it may have, keeps nothing of it, and goes on when there are some", async () => {
    await using server = await startServer(runtime, { descriptors: DESCRIPTORS, args: ["--max-sessions", "1000"] });
    const post = (path: string): Promise<Response> => fetch(`${server.url}${path}`, { method: "POST" });
    const limits = async (): Promise<unknown> => (await fetch(`${server.url}/limits`)).json();
    // Deno is not given what it would have to read for the number.
    const value = runtime === "deno" ? null : Math.floor(0.95 * DESCRIPTORS);
    const ofDescriptors = (used: number): object => expect.objectContaining({ name: "maxDescriptors", value, used });
    expect(await limits()).toMatchObject({ items: expect.arrayContaining([ofDescriptors(0)]) });
    const ids: string[] = [];
    let refused = await post("/sessions");
    for (; refused.status === 201; refused = await post("/sessions")) {
      ids.push(((await refused.json()) as { id: string }).id);
    }
    expect(ids.length).toBeGreaterThan(10);
    const problem = (await refused.json()) as { detail: string };
    expect([refused.status, refused.headers.get("retry-after"), problem]).toEqual([
      503,
      "5",
      expect.objectContaining({ type: "/problems/too-many-descriptors" }),
    ]);
    // Deno is not given what it would have to read for the number.
    const figure = runtime === "deno" ? "" : `, which may have ${DESCRIPTORS},`;
    expect(problem.detail).toContain(`the process${figure} has no file descriptor left`);
    // Nor for this.
    const failing = runtime === "deno" ? [] : ["descriptors"];
    const readiness = await fetch(`${server.url}/readyz`);
    const { checks } = (await readiness.json()) as { checks: { name: string; ok: boolean }[] };
    expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(failing);
    expect(readiness.status).toBe(runtime === "deno" ? 200 : 503);
    expect(await limits()).toMatchObject({
      items: expect.arrayContaining([
        expect.objectContaining({ name: "maxSessions", value: 1000, used: ids.length }),
        ofDescriptors(3 * ids.length),
      ]),
    });
    await (await post(`/sessions/${ids[0]}/stop`)).text();
    expect((await post("/sessions")).status).toBe(201);
    const all = (await (await fetch(`${server.url}/sessions?limit=1000`)).json()) as { items: { state: string }[] };
    expect(new Set(all.items.map(({ state }) => state))).toEqual(new Set(["running", "stopped"]));
  });
});
