/** Following by Server-Sent Events. @module */

import { describe, expect, test, vi } from "vitest";
import { PATIENCE, problem, QUIET, read, startSession, startWithBatches, stop } from "../client.ts";
import type { BatchJson, EndJson, HelloJson, SessionJson } from "../json.ts";
import type { Server } from "../server.ts";
import { follow, type EventStream } from "../sse.ts";
import { connect } from "../ws.ts";

export function sseContract(server: () => Server): void {
  describe("GET …/sse", () => {
    test("is an event stream that nobody may keep or hold up", async () => {
      await using session = await startSession(server(), QUIET);
      await using stream = await follow(`${session.url}/sse`);
      expect(Object.fromEntries(stream.response.headers)).toMatchObject({
        "content-type": "text/event-stream",
        "cache-control": "no-store, no-transform",
        "x-accel-buffering": "no",
        "x-content-type-options": "nosniff",
      });
      const head = await fetch(`${session.url}/sse`, { method: "HEAD" });
      expect([head.status, head.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
      expect(await head.text()).toBe("");
    });

    test("says when to come again, before anything else", async () => {
      await using session = await startSession(server(), QUIET);
      await stop(session);
      const body = await (await fetch(`${session.url}/sse`)).text();
      const retry = Number(/^retry: (\d+)\n\nevent: hello\n/.exec(body)?.[1]);
      expect(retry).toBeGreaterThanOrEqual(1000);
      expect(retry).toBeLessThanOrEqual(3000);
    });

    test("says hello first, then how the session is, then batches with their cursors as ids", async () => {
      await using session = await startSession(server());
      await using stream = await follow(`${session.url}/sse?since=earliest`);
      const hello = await stream.take();
      expect(hello).toMatchObject({
        event: "hello",
        id: "",
        data: {
          protocol: 1,
          session: session.id,
          epoch: session.epoch,
          asked: null,
          status: "continuous",
          reason: null,
        },
      });
      expect(await stream.take()).toMatchObject({ event: "state", data: { state: "running", connected: true } });
      for (const seq of [1, 2, 3]) {
        const cursor = `${session.epoch}:${seq}`;
        expect(await stream.take()).toMatchObject({ event: "batch", id: cursor, data: { cursor, seq } });
      }
    });

    test("begins where it is asked to: the header before lastEventId, that before after, that before since", async () => {
      await using session = await startWithBatches(server(), 4);
      const { epoch } = await stop(session);
      const all = `${session.url}/sse?since=earliest`;
      const after = `${all}&after=${epoch}:1`;
      const lastEventId = `${after}&lastEventId=${epoch}:2`;
      expect(await beginning(all)).toEqual([null, 1]);
      expect(await beginning(after)).toEqual([`${epoch}:1`, 2]);
      expect(await beginning(lastEventId)).toEqual([`${epoch}:2`, 3]);
      expect(await beginning(lastEventId, { "last-event-id": `${epoch}:3` })).toEqual([`${epoch}:3`, 4]);
    });

    test("begins with the newest batch when nothing is asked, with the newest n, or with the next to come", async () => {
      await using session = await startWithBatches(server(), 3);
      for (const [query, ahead] of [
        ["", 0],
        ["?since=-2", -1],
        ["?since=now", 1],
      ] as const) {
        await using stream = await follow(`${session.url}/sse${query}`);
        const { head, from } = await stream.next<HelloJson>("hello");
        const { seq } = await stream.next<BatchJson>("batch");
        expect([from, seq]).toEqual([`${session.epoch}:${seq}`, Number(head?.split(":")[1]) + ahead]);
      }
    });

    test("resets a follower whose cursor is of another epoch, or ahead of the log", async () => {
      await using session = await startWithBatches(server(), 2);
      await stop(session);
      for (const [cursor, reason] of [
        ["zzzz:1", "epoch"],
        [`${session.epoch}:1000000`, "ahead_of_log"],
      ] as const) {
        await using stream = await follow(`${session.url}/sse`, { "last-event-id": cursor });
        const hello = await stream.next<HelloJson>("hello");
        expect(hello).toMatchObject({
          asked: cursor,
          status: "reset",
          reason,
          epoch: session.epoch,
          from: session.tail ?? `${session.epoch}:1`,
        });
        const from = session.tail ?? `${session.epoch}:1`;
        expect(await stream.take()).toMatchObject({
          event: "reset",
          data: { epoch: session.epoch, reason, asked: cursor, from },
        });
        expect((await stream.next<BatchJson>("batch")).seq).toBe(1);
      }
    });

    test("refuses a cursor or a since that is none with 400", async () => {
      await using session = await startSession(server(), QUIET);
      const headers = { "last-event-id": "nonsense" };
      await problem(fetch(`${session.url}/sse`, { headers }), 400, "bad-cursor");
      await problem(fetch(`${session.url}/sse?lastEventId=-1`), 400, "bad-cursor");
      await problem(fetch(`${session.url}/sse?since=yesterday`), 400, "bad-parameter");
    });

    test("takes what is to become of it when it is slow, and refuses what cannot be meant", async () => {
      await using session = await startSession(server());
      for (const query of ["policy=gap", "policy=latest", "policy=latest&maxLag=3", "policy=disconnect&maxLag=3"]) {
        await using stream = await follow(`${session.url}/sse?${query}`);
        expect(await stream.next<BatchJson>("batch")).not.toHaveProperty("skipped");
      }
      for (const query of ["policy=wait", "maxLag=3", "policy=gap&maxLag=3", "policy=latest&maxLag=0"]) {
        await problem(fetch(`${session.url}/sse?${query}`), 400, "bad-parameter");
      }
    });

    test("of a session that there is not is a 404", async () => {
      await problem(fetch(`${server().url}/sessions/s_nothere/sse`), 404, "no-such-session");
    });

    test("leaves out the words past ?top=", async () => {
      await using session = await startSession(server());
      await using stream = await follow(`${session.url}/sse?top=1`);
      const { counts, more } = await nextWithWords(stream);
      expect([counts.map(([word]) => word), more]).toEqual([["a"], 1]);
    });

    test("ends with the last batch and an end, and answers 204 to those who come again with it", async () => {
      await using session = await startSession(server(), QUIET);
      await using stream = await follow(`${session.url}/sse`);
      await stream.next("state");
      const { total } = await stop(session);
      const last = await stream.next<BatchJson>("batch");
      expect(last).toMatchObject({ final: true, partial: true, total });
      const end = await stream.next<EndJson>("end");
      expect(end).toMatchObject({ reason: "stopped", state: "stopped", head: last.cursor, total, discarded: null });
      expect(await stream.take()).toBeUndefined();
      const again = await fetch(`${session.url}/sse`, { headers: { "last-event-id": last.cursor } });
      expect([again.status, await again.text()]).toEqual([204, ""]);
    });

    test("gives those who missed the end what they missed", async () => {
      await using session = await startWithBatches(server(), 2);
      const { head } = await stop(session);
      await using stream = await follow(`${session.url}/sse`, { "last-event-id": `${session.epoch}:1` });
      expect((await stream.next<BatchJson>("batch")).seq).toBe(2);
      expect((await stream.next<EndJson>("end")).head).toBe(head);
    });

    test("ends when the session is deleted", async () => {
      await using session = await startSession(server(), QUIET);
      await using stream = await follow(`${session.url}/sse`);
      await stream.next("state");
      await fetch(session.url, { method: "DELETE" });
      expect(await stream.next<EndJson>("end")).toMatchObject({ reason: "deleted", head: null });
    });

    test("lets a follower that leaves go at once, by whichever face", async () => {
      await using session = await startSession(server(), QUIET);
      const followers = async (): Promise<number> => (await read<SessionJson>(fetch(session.url))).followers;
      const stream = await follow(`${session.url}/sse`);
      const text = new AbortController();
      // Bun keeps even the headers back until there is a first byte.
      const unread = fetch(`${session.url}/text`, { signal: text.signal }).catch(() => undefined);
      const socket = await connect(`${session.url}/ws`);
      await stream.next("hello");
      await socket.next("hello");
      await vi.waitFor(async () => expect(await followers()).toBe(3), PATIENCE);
      stream.close();
      await vi.waitFor(async () => expect(await followers()).toBe(2), PATIENCE);
      socket.terminate();
      await vi.waitFor(async () => expect(await followers()).toBe(1), PATIENCE);
      text.abort();
      await unread;
      await vi.waitFor(async () => expect(await followers()).toBe(0), PATIENCE);
    });
  });
}

/** What a stream of a session that is over says was asked, and the number of its first batch. */
async function beginning(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<[string | null, number]> {
  await using stream = await follow(url, headers);
  const { asked, status } = await stream.next<HelloJson>("hello");
  expect(status).toBe("continuous");
  return [asked, (await stream.next<BatchJson>("batch")).seq];
}

/** The next batch that is not empty, as one may be that was cut right after another. */
async function nextWithWords(stream: EventStream): Promise<BatchJson> {
  let batch = await stream.next<BatchJson>("batch");
  while (batch.words === 0) batch = await stream.next<BatchJson>("batch");
  return batch;
}
