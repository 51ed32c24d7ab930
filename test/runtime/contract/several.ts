/** Several sessions over one connection. @module */

import { describe, expect, test, vi } from "vitest";
import { PATIENCE, problem, QUIET, read, startSession, startWithBatches, stop, type OwnSession } from "../client.ts";
import type { BatchJson, EndJson, HelloJson, ProblemJson, SessionJson } from "../json.ts";
import type { Server } from "../server.ts";
import { follow, type EventStream } from "../sse.ts";
import { connect, type Socket } from "../ws.ts";

type Of<T> = T & { readonly session: string };

export function severalContract(server: () => Server): void {
  const sse = (sessions: readonly OwnSession[], rest: string = ""): string =>
    `${server().url}/sse?${sessions.map(({ id }) => `session=${id}`).join("&")}${rest}`;

  describe("GET /sse", () => {
    test("follows several sessions at once, each object with the session it is of", async () => {
      await using one = await startWithBatches(server(), 2);
      await using two = await startWithBatches(server(), 2);
      await using stream = await follow(sse([one, two], "&since=earliest"));
      const seen = await seqsOf(stream, [one, two], 4);
      expect([...seen.values()]).toEqual([
        [1, 2, 3, 4],
        [1, 2, 3, 4],
      ]);
    });

    test("has the places of all sessions as its ids, and resumes each of them from one", async () => {
      await using one = await startWithBatches(server(), 3);
      await using two = await startWithBatches(server(), 3);
      await using stream = await follow(sse([one, two], `&after=${one.id}=${one.epoch}:1,${two.id}=${two.epoch}:2`));
      const first = await stream.take();
      expect(first).toMatchObject({ event: "hello", id: `${one.id}=${one.epoch}:1,${two.id}=${two.epoch}:2` });
      let id = "";
      for (let batches = 0; batches < 5;) {
        const event = await stream.take();
        ({ id = "" } = event ?? {});
        if (event?.event === "batch") batches++;
      }
      stream.close();
      const places = new Map(id.split(",").map((place) => place.split("=") as [string, string]));
      await using again = await follow(sse([one, two]), { "last-event-id": id });
      const { hellos, next } = await beginnings(again, 2);
      for (const [at, session] of [one, two].entries()) {
        const asked = places.get(session.id);
        expect(hellos[at]).toMatchObject({ session: session.id, asked, status: "continuous" });
        expect(`${session.epoch}:${next.get(session.id)! - 1}`).toBe(asked);
      }
    });

    test("ends when all of them are over, and answers 204 to those who come again with their ends", async () => {
      await using one = await startSession(server(), QUIET);
      await using two = await startSession(server(), QUIET);
      await using stream = await follow(sse([one, two]));
      await stream.next("state");
      await stop(two);
      expect(await stream.next<Of<EndJson>>("end")).toMatchObject({ session: two.id, reason: "stopped" });
      await stop(one);
      const end = await stream.next<Of<EndJson>>("end");
      expect(end).toMatchObject({ session: one.id, reason: "stopped" });
      expect(await stream.take()).toBeUndefined();
      const id = `${one.id}=${one.epoch}:1,${two.id}=${two.epoch}:1`;
      const again = await fetch(sse([one, two]), { headers: { "last-event-id": id } });
      expect([again.status, await again.text()]).toEqual([204, ""]);
      await using half = await follow(sse([one, two]), { "last-event-id": `${one.id}=${one.epoch}:1` });
      expect((await half.next<Of<BatchJson>>("batch")).session).toBe(two.id);
    });

    test("refuses none, one that there is not, and places that are none", async () => {
      await using one = await startSession(server(), QUIET);
      await problem(fetch(`${server().url}/sse`), 400, "bad-parameter");
      const many = Array.from({ length: 101 }, (_, i) => `session=s_${i}`).join("&");
      await problem(fetch(`${server().url}/sse?${many}`), 400, "bad-parameter");
      await problem(fetch(`${sse([one])}&session=s_nothere`), 404, "no-such-session");
      await problem(fetch(sse([one], `&after=${one.epoch}:1`)), 400, "bad-cursor");
      await problem(fetch(sse([one], `&after=${one.id}=x:y`)), 400, "bad-cursor");
    });
  });

  describe("GET /ws", () => {
    const open = (): Promise<Socket> => connect(`${server().url}/ws`, { protocols: ["sluice.v1.json"] });
    const say = (socket: Socket, message: object): void => socket.send(JSON.stringify(message));

    test("follows what it is told to, from where it is told, until it is told not to", async () => {
      await using one = await startWithBatches(server(), 3);
      await using two = await startWithBatches(server(), 3);
      using socket = await open();
      say(socket, { type: "subscribe", session: one.id, after: `${one.epoch}:1` });
      expect(await socket.take()).toMatchObject({ type: "hello", session: one.id, asked: `${one.epoch}:1` });
      expect(await socket.next<Of<BatchJson>>("batch")).toMatchObject({ session: one.id, seq: 2 });
      say(socket, { type: "subscribe", session: two.id, since: "earliest" });
      expect(await socket.next<Of<HelloJson>>("hello")).toMatchObject({ session: two.id, asked: null });
      say(socket, { type: "unsubscribe", session: one.id });
      expect(await socket.next<Of<object>>("unsubscribed")).toEqual({ type: "unsubscribed", session: one.id });
      for (let batches = 0; batches < 5; batches++) {
        expect((await socket.next<Of<BatchJson>>("batch")).session).toBe(two.id);
      }
      const followers = async ({ url }: OwnSession): Promise<number> => (await read<SessionJson>(fetch(url))).followers;
      expect([await followers(one), await followers(two)]).toEqual([0, 1]);
      socket.terminate();
      await vi.waitFor(async () => expect(await followers(two)).toBe(0), PATIENCE);
    });

    test("goes on from elsewhere when it subscribes again", async () => {
      await using one = await startWithBatches(server(), 2);
      using socket = await open();
      for (let round = 0; round < 2; round++) {
        say(socket, { type: "subscribe", session: one.id, since: "earliest" });
        await socket.next("hello");
        expect((await socket.next<Of<BatchJson>>("batch")).seq).toBe(1);
      }
    });

    test("stays open when a session ends, and says so", async () => {
      await using one = await startSession(server(), QUIET);
      await using two = await startSession(server(), QUIET);
      using socket = await open();
      for (const { id } of [one, two]) say(socket, { type: "subscribe", session: id });
      await socket.next("hello");
      await socket.next("hello");
      for (const session of [one, two]) {
        await stop(session);
        expect(await socket.next<Of<EndJson>>("end")).toMatchObject({ session: session.id, reason: "stopped" });
      }
      say(socket, { type: "subscribe", session: one.id, after: `${one.epoch}:1` });
      expect(await socket.next<Of<EndJson>>("end")).toMatchObject({ session: one.id });
    });

    test("says what it cannot follow, and goes on with the others", async () => {
      await using one = await startWithBatches(server(), 1);
      using socket = await open();
      say(socket, { type: "subscribe", session: "s_nothere" });
      const error = await socket.next<Of<{ problem: ProblemJson }>>("error");
      expect(error).toMatchObject({ session: "s_nothere", problem: { status: 404 } });
      say(socket, { type: "subscribe", session: one.id, after: "x:y" });
      expect(await socket.next("error")).toMatchObject({ session: one.id, problem: { type: "/problems/bad-cursor" } });
      say(socket, { type: "subscribe", session: one.id });
      expect((await socket.next<Of<BatchJson>>("batch")).session).toBe(one.id);
    });

    test.for([
      ["no JSON", "hello?"],
      ["another type", '{"type":"resume","after":"k3v9:2"}'],
      ["no session", '{"type":"subscribe"}'],
      ["a since that is none", '{"type":"subscribe","session":"ID","since":"yesterday"}'],
      ["a binary message", new Uint8Array([1, 2, 3])],
    ] as const)("answers %s with an error and closes with 1008", async ([, said]) => {
      await using one = await startSession(server(), QUIET);
      using socket = await open();
      socket.send(typeof said === "string" ? said.replace("ID", one.id) : said);
      const { problem: document } = await socket.next<{ problem: ProblemJson }>("error");
      expect(document).toMatchObject({ status: 400, type: "/problems/bad-frame" });
      expect((await socket.closed).code).toBe(1008);
    });

    test("without an upgrade is a 426", async () => {
      await problem(fetch(`${server().url}/ws`), 426, "upgrade-required");
    });
  });
}

/** Numbers of each session's first batches. */
async function seqsOf(
  stream: EventStream,
  sessions: readonly OwnSession[],
  count: number,
): Promise<Map<string, number[]>> {
  const seen = new Map(sessions.map(({ id }) => [id, [] as number[]]));
  while ([...seen.values()].some(({ length }) => length < count)) {
    const { session, seq } = await stream.next<Of<BatchJson>>("batch");
    const seqs = seen.get(session);
    if (seqs !== undefined && seqs.length < count) seqs.push(seq);
  }
  return seen;
}

/** The hellos of so many sessions, and the number of each one's first batch. */
async function beginnings(
  stream: EventStream,
  count: number,
): Promise<{ hellos: Of<HelloJson>[]; next: Map<string, number> }> {
  const hellos: Of<HelloJson>[] = [];
  const next = new Map<string, number>();
  while (hellos.length < count || next.size < count) {
    const { event, data } = (await stream.take())!;
    if (event === "hello") hellos.push(data as Of<HelloJson>);
    const { session, seq } = data as Of<BatchJson>;
    if (event === "batch" && !next.has(session)) next.set(session, seq);
  }
  return { hellos, next };
}
