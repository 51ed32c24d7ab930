/** Following by WebSocket. @module */

import { describe, expect, test } from "vitest";
import { handshake, problem, QUIET, startSession, startWithBatches, stop } from "../client.ts";
import type { BatchJson, EndJson, HelloJson, ProblemJson } from "../json.ts";
import type { Server } from "../server.ts";
import { connect } from "../ws.ts";

const PROTOCOL = "sluice.v1.json";

export function webSocketContract(server: () => Server): void {
  describe("GET …/ws", () => {
    test.for([
      [PROTOCOL, PROTOCOL],
      [`other.v9,${PROTOCOL}`, PROTOCOL],
      [`other.v9, ${PROTOCOL}, sluice.v0`, PROTOCOL],
      [`${PROTOCOL},other.v9`, PROTOCOL],
    ])("chooses its subprotocol where %s is offered", async ([offers = "", chosen]) => {
      await using session = await startSession(server(), QUIET);
      const answer = await handshake(`${session.url}/ws`, { "sec-websocket-protocol": offers });
      expect([answer.status, answer.headers["sec-websocket-protocol"]]).toEqual([101, chosen]);
      expect(answer.headers["sec-websocket-accept"]).toBe("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    });

    test("speaks without a subprotocol to those who offer none", async () => {
      await using session = await startSession(server(), QUIET);
      using socket = await connect(`${session.url}/ws`);
      expect(socket.protocol).toBe("");
      expect(await socket.next("hello")).toMatchObject({ session: session.id });
    });

    test("refuses those who offer only others with 400", async () => {
      await using session = await startSession(server(), QUIET);
      const { status, headers, body } = await handshake(`${session.url}/ws`, { "sec-websocket-protocol": "other.v9" });
      expect([status, headers["content-type"]]).toEqual([400, "application/problem+json"]);
      expect(JSON.parse(body)).toMatchObject({ type: "/problems/no-common-protocol", status: 400 });
    });

    test("without an upgrade is a 426 that says to what to upgrade", async () => {
      await using session = await startSession(server(), QUIET);
      const response = await fetch(`${session.url}/ws`);
      expect(response.headers.get("upgrade")).toBe("websocket");
      await problem(response, 426, "upgrade-required");
    });

    test.for([
      ["/sessions/s_nothere/ws", 404, "no-such-session"],
      ["/nothing/ws", 404, "no-such-route"],
    ] as const)("answers an upgrade at %s with %i", async ([path, status, slug]) => {
      const answer = await handshake(server().url + path);
      expect(answer.status).toBe(status);
      expect(JSON.parse(answer.body)).toMatchObject({ type: `/problems/${slug}` });
    });

    test("refuses a cursor that is none with 400", async () => {
      await using session = await startSession(server(), QUIET);
      const { status, body } = await handshake(`${session.url}/ws?after=nonsense`);
      expect(status).toBe(400);
      expect(JSON.parse(body)).toMatchObject({ type: "/problems/bad-cursor" });
    });

    test.for([
      ["without a key", { "sec-websocket-key": undefined }, 400],
      ["with a key that is too short", { "sec-websocket-key": "dGhlIA==" }, 400],
      ["of a version that there is not", { "sec-websocket-version": "12" }, 426],
    ] as const)("refuses a handshake %s", async ([, headers, status]) => {
      await using session = await startSession(server(), QUIET);
      expect((await handshake(`${session.url}/ws`, headers)).status).toBe(status);
    });

    test("takes no request without Connection: Upgrade for an upgrade", async () => {
      await using session = await startSession(server(), QUIET);
      const { status, body } = await handshake(`${session.url}/ws`, { connection: "close" });
      expect([status, JSON.parse(body)]).toEqual([
        426,
        expect.objectContaining({ type: "/problems/upgrade-required" }),
      ]);
    });

    test("says hello first, then how the session is, then batches", async () => {
      await using session = await startSession(server());
      using socket = await connect(`${session.url}/ws?since=earliest`, { protocols: ["other.v9", PROTOCOL] });
      expect(socket.protocol).toBe(PROTOCOL);
      expect(await socket.take()).toMatchObject({
        type: "hello",
        protocol: 1,
        session: session.id,
        status: "continuous",
      });
      expect(await socket.take()).toMatchObject({ type: "state", state: "running" });
      for (const seq of [1, 2, 3]) {
        expect(await socket.take()).toMatchObject({ type: "batch", cursor: `${session.epoch}:${seq}`, seq });
      }
    });

    test("goes on after the cursor in its URL", async () => {
      await using session = await startWithBatches(server(), 3);
      using socket = await connect(`${session.url}/ws?after=${session.epoch}:1`);
      expect(await socket.next<HelloJson>("hello")).toMatchObject({
        asked: `${session.epoch}:1`,
        status: "continuous",
      });
      expect((await socket.next<BatchJson>("batch")).seq).toBe(2);
    });

    test("begins where it is asked to, by all the names SSE has for it", async () => {
      await using session = await startWithBatches(server(), 4);
      const { epoch } = await stop(session);
      const after = `since=earliest&after=${epoch}:1`;
      for (const [query, headers, seq] of [
        ["since=earliest", {}, 1],
        [after, {}, 2],
        [`${after}&lastEventId=${epoch}:2`, {}, 3],
        [`${after}&lastEventId=${epoch}:2`, { "last-event-id": `${epoch}:3` }, 4],
        ["after=3", {}, 4],
      ] as const) {
        using socket = await connect(`${session.url}/ws?${query}`, { headers });
        expect(await socket.next<HelloJson>("hello")).toMatchObject({ status: "continuous", from: `${epoch}:${seq}` });
        expect((await socket.next<BatchJson>("batch")).seq).toBe(seq);
      }
      for (const [since, from] of [
        ["now", 1],
        ["-2", -1],
      ] as const) {
        using socket = await connect(`${session.url}/ws?since=${since}`);
        const hello = await socket.next<HelloJson>("hello");
        expect(hello.from).toBe(`${epoch}:${Number(hello.head?.split(":")[1]) + from}`);
      }
    });

    test("goes on from elsewhere in the middle of the stream when it is told to", async () => {
      await using session = await startWithBatches(server(), 3);
      using socket = await connect(`${session.url}/ws?since=now`);
      expect(await socket.next<HelloJson>("hello")).toMatchObject({ asked: null });
      expect((await socket.next<BatchJson>("batch")).seq).toBeGreaterThan(3);
      const after = `${session.epoch}:1`;
      socket.send(JSON.stringify({ type: "resume", after }));
      expect(await socket.next<HelloJson>("hello")).toMatchObject({ asked: after, status: "continuous" });
      for (const seq of [2, 3, 4]) expect((await socket.next<BatchJson>("batch")).seq).toBe(seq);
    });

    test("resets a follower that resumes from another epoch, or ahead of the log", async () => {
      await using session = await startWithBatches(server(), 2);
      using socket = await connect(`${session.url}/ws?since=now`);
      await socket.next("hello");
      for (const [after, reason] of [
        ["zzzz:7", "epoch"],
        [`${session.epoch}:1000000`, "ahead_of_log"],
      ]) {
        socket.send(JSON.stringify({ type: "resume", after }));
        expect(await socket.next("hello")).toMatchObject({ asked: after, status: "reset", reason });
        const from = `${session.epoch}:1`;
        expect(await socket.take()).toEqual({ type: "reset", epoch: session.epoch, reason, asked: after, from });
        expect((await socket.next<BatchJson>("batch")).seq).toBe(1);
      }
    });

    test.for([
      ["no JSON", "hello?"],
      ["another type", '{"type":"subscribe"}'],
      ["no cursor", '{"type":"resume","after":"x:y"}'],
      ["null", "null"],
      ["a binary message", new Uint8Array([1, 2, 3])],
    ] as const)("answers %s with an error and closes with 1008", async ([, said]) => {
      await using session = await startSession(server(), QUIET);
      using socket = await connect(`${session.url}/ws`);
      socket.send(said);
      const { problem: document } = await socket.next<{ problem: ProblemJson }>("error");
      expect(document).toMatchObject({ status: 400, detail: expect.stringMatching(/^Cannot /) });
      expect(["/problems/bad-frame", "/problems/bad-cursor"]).toContain(document.type);
      expect((await socket.closed).code).toBe(1008);
    });

    test("closes with 1009 on a message that is too big", async () => {
      await using session = await startSession(server(), QUIET);
      using socket = await connect(`${session.url}/ws`);
      socket.send("x".repeat(64 * 1024 + 1));
      expect((await socket.closed).code).toBe(1009);
    });

    test("ends with the last batch, an end, and a close with 1000", async () => {
      await using session = await startSession(server(), QUIET);
      using socket = await connect(`${session.url}/ws`);
      await socket.next("state");
      const { total } = await stop(session);
      const last = await socket.next<BatchJson>("batch");
      expect(last).toMatchObject({ final: true, total });
      expect(await socket.next<EndJson>("end")).toMatchObject({ reason: "stopped", head: last.cursor, total });
      expect(await socket.take()).toBeUndefined();
      expect(await socket.closed).toEqual({ code: 1000, reason: "stopped" });
    });

    test("of a session that is over gives what is missing, and ends", async () => {
      await using session = await startWithBatches(server(), 2);
      const { head } = await stop(session);
      using socket = await connect(`${session.url}/ws?after=${session.epoch}:1`);
      expect((await socket.next<BatchJson>("batch")).seq).toBe(2);
      expect(await socket.next<EndJson>("end")).toMatchObject({ reason: "stopped", head });
      expect((await socket.closed).code).toBe(1000);
    });
  });
}
