/** How a server ends. @module */

import { once } from "node:events";
import { connect as connectTcp, type Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { describe, expect, test, vi } from "vitest";
import { PATIENCE, QUIET, read, startSession } from "../client.ts";
import type { BatchJson, EndJson, SessionJson } from "../json.ts";
import { runServer, startServer, type RuntimeName } from "../server.ts";
import { follow } from "../sse.ts";
import { connect } from "../ws.ts";

export function shutdownContract(runtime: RuntimeName): void {
  describe("SIGTERM", () => {
    test("counts what has come, tells all followers, and ends the process with 0", async () => {
      await using server = await startServer(runtime, { env: { SLUICE_DATA: ":memory:" } });
      const session = await startSession(server, QUIET);
      await using stream = await follow(`${session.url}/sse`);
      using socket = await connect(`${session.url}/ws`);
      await stream.next("state");
      await socket.next("state");
      await vi.waitFor(
        async () => expect((await read<SessionJson>(fetch(session.url))).source.sent.lines).toBeGreaterThan(3),
        PATIENCE,
      );
      const asked = performance.now();
      server.terminate();
      const last = await stream.next<BatchJson>("batch");
      expect(last).toMatchObject({ final: true, partial: true, cursor: `${session.epoch}:1` });
      expect(last.lines).toBeGreaterThan(3);
      expect(await stream.next<EndJson>("end")).toMatchObject({ reason: "shutdown", total: last.total });
      expect(await stream.take()).toBeUndefined();
      expect(await socket.next<BatchJson>("batch")).toMatchObject({ hash: last.hash });
      expect(await socket.next<EndJson>("end")).toMatchObject({ reason: "shutdown" });
      expect(await socket.closed).toEqual({ code: 1001, reason: "shutdown" });
      const { code, signal, stderr } = await server.exit;
      expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: "" });
      expect(performance.now() - asked).toBeLessThan(5000);
    });
  });

  describe("SIGTERM", () => {
    test("is not held up by those who do not listen", async () => {
      await using server = await startServer(runtime);
      const session = await startSession(server, QUIET);
      const path = new URL(session.url).pathname;
      const upgrade =
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
      const answered = ["/healthz", `${path}/sse`, `${path}/ws`].map(async (each) => {
        const socket = dumb(
          server.port,
          `GET ${each} HTTP/1.1\r\nHost: localhost\r\n${each.endsWith("ws") ? `${upgrade}\r\n` : ""}\r\n`,
        );
        await once(socket, "data");
        return socket;
      });
      const silent = [
        dumb(server.port, ""),
        dumb(server.port, "GET /healthz HTTP/1.1\r\nHo"),
        dumb(session.source.port, ""),
      ];
      const sockets = [...(await Promise.all(answered)), ...silent];
      await vi.waitFor(async () => expect(await clients(session.url)).toBe(2), PATIENCE);
      const asked = performance.now();
      server.terminate();
      const { code, stderr } = await server.exit;
      for (const socket of sockets) socket.destroy();
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(performance.now() - asked).toBeLessThan(5000);
    });
  });

  describe("a port that is taken", () => {
    test("is said in one line, and the process ends with 1", async () => {
      await using server = await startServer(runtime);
      const { code, stdout, stderr } = await runServer(runtime, { args: ["--port", String(server.port)] });
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toMatch(
        new RegExp(`^sluice serve: Cannot listen on 127\\.0\\.0\\.1:${server.port}: the port is in use;[^\\n]*\\n$`),
      );
    });
  });
}

/** Connects, says something, and never answers anything, not even the end. */
function dumb(port: number, said: string): Socket {
  const socket = connectTcp({ port, host: "127.0.0.1", allowHalfOpen: true });
  socket.on("error", () => {});
  socket.write(said);
  return socket;
}

async function clients(url: string): Promise<unknown> {
  return (await read<SessionJson>(fetch(url))).source["clients"];
}
