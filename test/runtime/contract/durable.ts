/** What outlives a process of the service: sessions, batches, cursors. @module */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { QUICK, read, startSession, stop } from "../client.ts";
import type { BatchJson, HelloJson, PageJson, SessionJson } from "../json.ts";
import { runServer, startServer, type RuntimeName } from "../server.ts";
import { follow } from "../sse.ts";
import { connect } from "../ws.ts";

export function durableContract(runtime: RuntimeName): void {
  describe("a service that starts again", () => {
    test.each(["SIGTERM", "SIGKILL"])(
      "after %s goes on with its sessions, and followers with their cursors",
      async (signal) => {
        await using data = await folder();
        let before: { session: SessionJson; items: readonly BatchJson[]; last: string };
        {
          await using server = await startServer(runtime, data);
          const session = await startSession(server, {
            ...QUICK,
            source: { ...QUICK.source, seed: 7, lines: ["a", "b c"] },
          });
          await using stream = await follow(`${session.url}/sse?since=earliest`);
          for (let i = 0; i < 3; i++) await stream.next<BatchJson>("batch");
          const { items } = await read<PageJson>(fetch(`${session.url}/batches?limit=2`));
          before = { session, items, last: items[1]!.cursor };
          if (signal === "SIGTERM") server.terminate();
          else server.kill();
          await server.exit;
        }
        await using server = await startServer(runtime, data);
        const url = `${server.url}/sessions/${before.session.id}`;
        const session = await read<SessionJson>(fetch(url));
        expect(session).toMatchObject({
          epoch: before.session.epoch,
          createdAt: before.session.createdAt,
          endReason: null,
        });
        await using stream = await follow(`${url}/sse`, { "last-event-id": before.last });
        expect(await stream.next<HelloJson>("hello")).toMatchObject({ status: "continuous", asked: before.last });
        let previous = before.items[1]!;
        // All of the first process, then the first of the second.
        for (;;) {
          const batch = await stream.next<BatchJson>("batch");
          expect(batch).toMatchObject({ seq: previous.seq + 1, prev: previous.hash });
          expect(batch.total.lines).toBe(previous.total.lines + batch.lines);
          previous = batch;
          if (batch.inc > 1) break;
          expect([batch.sourceGap, batch.final]).toEqual([null, false]);
        }
        expect(previous).toMatchObject({ inc: 2, sourceGap: { reason: "reader_restart", count: 1 } });
        const { items } = await read<PageJson>(fetch(`${url}/batches?limit=2`));
        expect(items).toEqual(before.items);
        const stopped = await stop({ url });
        expect([stopped.state, stopped.total.lines]).toEqual(["stopped", stopped.source.sent.lines]);
      },
    );

    test("shows what was over as it was, and has forgotten what was deleted", async () => {
      await using data = await folder();
      let stopped: SessionJson;
      let deleted: string;
      {
        await using server = await startServer(runtime, data);
        const session = await startSession(server);
        await using stream = await follow(`${session.url}/sse`);
        await stream.next<BatchJson>("batch");
        stopped = await stop(session);
        deleted = (await startSession(server)).id;
        expect((await fetch(`${server.url}/sessions/${deleted}`, { method: "DELETE" })).status).toBe(204);
        server.kill();
        await server.exit;
      }
      await using server = await startServer(runtime, data);
      expect(await read<SessionJson>(fetch(`${server.url}/sessions/${stopped.id}`))).toEqual({
        ...stopped,
        followers: 0,
      });
      expect((await fetch(`${server.url}/sessions/${deleted}`)).status).toBe(404);
      const socket = await connect(`${server.url}/sessions/${stopped.id}/ws?since=earliest`);
      expect((await socket.next<BatchJson>("batch")).seq).toBe(1);
    });

    test("tells followers to come back, not that the session has ended", async () => {
      await using data = await folder();
      await using server = await startServer(runtime, data);
      const session = await startSession(server);
      await using stream = await follow(`${session.url}/sse`);
      using socket = await connect(`${session.url}/ws`);
      await stream.next("batch");
      await socket.next("batch");
      server.terminate();
      const told: string[] = [];
      for (let event = await stream.take(); event !== undefined; event = await stream.take()) told.push(event.event);
      expect(told).not.toContain("end");
      expect(await socket.closed).toEqual({ code: 1012, reason: "shutdown" });
      expect((await server.exit).code).toBe(0);
    });

    test("is refused a folder that another process has, or that holds no database", async () => {
      await using data = await folder();
      await using server = await startServer(runtime, data);
      // It has the folder when it has loaded what keeps sessions, which is some time after it listens.
      expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
      const { code, stderr } = await runServer(runtime, data);
      expect([code, stderr]).toEqual([
        1,
        `sluice serve: Cannot keep batches in ${join(server.folder, "data")}: another process does; a folder of its own is wanted (--data)\n`,
      ]);
    });
  });
}

async function folder(): Promise<{ readonly folder: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), "sluice-durable-"));
  return { folder: path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
