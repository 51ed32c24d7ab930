/** A disk that fails under the running service: strace makes its calls fail. @module */

import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { CheckingClient, type Frame } from "../support/checking_client.ts";
import { temporaryFolder } from "../support/stores.ts";
import { QUICK, read, startSession } from "./client.ts";
import type { SessionJson } from "./json.ts";
import { startServer, type Server } from "./server.ts";
import { follow } from "./sse.ts";

const hasStrace = spawnSync("strace", ["-V"]).status === 0;

/** The store as it is told of: in no words of the system, which may name files. */
const IN_TROUBLE = { name: "store", ok: false, detail: "nothing can be kept for now; it is tried again" };

async function readinessOf({ url }: Server): Promise<[status: number, readiness: unknown]> {
  const response = await fetch(`${url}/readyz`);
  return [response.status, await response.json()];
}

describe.skipIf(!hasStrace).concurrent("a service whose disk fails", () => {
  test.each([
    ["is full", "pwrite64:error=ENOSPC:when=100..115", /disk is full/],
    ["cannot be written to", "pwrite64:error=EIO:when=100..115", /disk I\/O error/],
    ["cannot be synced", "fsync,fdatasync:error=EIO:when=20..23", /disk I\/O error/],
  ])("because it %s tells nobody of what is not kept, says why, and goes on when it can", async (_what, fault, why) => {
    await using folder = await temporaryFolder();
    const under = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", `inject=${fault}`, "-e", "signal=none"];
    await using server = await startServer("node", { folder: folder.path, under });
    const session = await startSession(server, QUICK);
    await using stream = await follow(`${session.url}/sse?since=earliest`);
    const client = new CheckingClient(new Map());
    const states: { state: string; lastError: string | null }[] = [];
    const readiness: [status: number, readiness: unknown][] = [];
    // Until it has been degraded, has recovered, and has gone on for a while.
    for (let more = 5; more > 0;) {
      const event = await stream.take();
      if (event === undefined) throw new Error("The stream has ended");
      client.read({ type: event.event, ...(event.data as object) } as Frame);
      if (event.event === "state") {
        states.push(event.data as { state: string; lastError: string | null });
        readiness.push(await readinessOf(server));
      }
      const hasRecovered = states.at(-1)?.state === "running" && states.some(({ state }) => state === "degraded");
      if (event.event === "batch" && hasRecovered) more--;
    }
    expect(states.find(({ state }) => state === "degraded")?.lastError).toMatch(why);
    expect(states.at(-1)).toMatchObject({ state: "running", lastError: null });
    const checks = expect.arrayContaining([IN_TROUBLE]) as unknown;
    const worst = readiness[states.findIndex(({ state }) => state === "degraded")];
    expect([worst, readiness.at(-1)]).toEqual([
      [503, { status: "degraded", checks }],
      [200, expect.objectContaining({ status: "ready" })],
    ]);
    const { total, source } = await read<SessionJson>(fetch(`${session.url}/stop`, { method: "POST" }));
    expect({ lines: total.lines, bytes: total.bytes }).toEqual(source.sent);
  });
});
