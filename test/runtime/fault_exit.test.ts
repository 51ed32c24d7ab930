import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { QUIET, startSession } from "./client.ts";
import type { BatchJson } from "./json.ts";
import { RUNTIMES, startServer, type RuntimeName } from "./server.ts";
import { follow } from "./sse.ts";
import { connect } from "./ws.ts";

vi.setConfig({ testTimeout: 30_000 });

const ROOT = join(import.meta.dirname, "../..");
const bin = (name: string): string => join(ROOT, "node_modules/.bin", name);
const planted = join(import.meta.dirname, "programs/planted_fault.js");
const COMMANDS: Readonly<Record<RuntimeName, readonly string[]>> = {
  node: [bin("node"), "--import", planted, "src/node.ts"],
  deno: [bin("deno"), "run", "-A", "--preload", planted, "src/deno.ts"],
  bun: [bin("bun"), "--preload", planted, "src/bun.ts"],
};

describe.concurrent.each(RUNTIMES)("a fault that nobody catches, on %s", (runtime) => {
  test.each([
    ["SIGUSR2", "planted in a call"],
    ["SIGWINCH", "planted in a promise"],
  ] as const)(
    "%s: is logged, last batches are counted, all are told, and the process ends with 70",
    async (signal, why) => {
      await using server = await startServer(runtime, { command: COMMANDS[runtime], env: { SLUICE_DATA: ":memory:" } });
      const session = await startSession(server, QUIET);
      await using stream = await follow(`${session.url}/sse`);
      using socket = await connect(`${session.url}/ws`);
      await stream.next("state");
      await socket.next("state");
      process.kill(server.pid, signal);
      expect(await stream.next<BatchJson>("batch")).toMatchObject({ final: true, partial: true });
      expect(await stream.next("end")).toMatchObject({ reason: "shutdown" });
      expect((await socket.closed).code).toBe(1001);
      const { code, stderr } = await server.exit;
      const records = stderr
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as { message: string; trace: string });
      expect([code, records.length, records[0]?.message]).toEqual([70, 1, "fault: the service stops"]);
      expect(records[0]?.trace).toContain(`Error: ${why}`);
    },
  );
});
