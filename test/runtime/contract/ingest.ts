/** Lines that come to the service by themselves: over TCP, as bodies, by WebSocket. @module */

import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { connect as connectTcp, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { handshake, PATIENCE, post, problem, QUIET, rawRequest, read, startSession, stop } from "../client.ts";
import type { BatchJson, SessionJson } from "../json.ts";
import { startServer, type RuntimeName, type Server } from "../server.ts";
import { connect } from "../ws.ts";

const { batchIntervalMs } = QUIET;
const PUSH = { source: { type: "push" }, batchIntervalMs };
const LISTEN = { source: { type: "listen" }, batchIntervalMs };
const PLAIN = { "content-type": "text/plain" };
/** Longer than any runtime waits for a body that is not to be waited for. */
const SLOW_MS = 17_000;

interface Taken {
  readonly lines: number;
  readonly bytes: number;
  readonly batch: string | null;
}

function push(session: { url: string }, body: BodyInit, type: string = "text/plain"): Promise<Response> {
  return fetch(`${session.url}/lines`, { method: "POST", headers: { "content-type": type }, body });
}

/** The one batch of a session that is stopped by this. */
async function lastBatch(session: { url: string }): Promise<BatchJson> {
  await stop(session);
  return read<BatchJson>(fetch(`${session.url}/batches/latest`));
}

async function producer({ source }: SessionJson): Promise<Socket> {
  const socket = connectTcp({ host: "127.0.0.1", port: source.port });
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

export function ingestContract(server: () => Server): void {
  describe("a session that listens", () => {
    test("counts the lines of many producers, none of them mixed", async () => {
      await using session = await startSession(server(), LISTEN);
      expect(session).toMatchObject({ state: "running", source: { host: "127.0.0.1", connected: true, producers: 0 } });
      expect(session.source.port).toBeLessThan(32_768);
      const words = Array.from({ length: 20 }, (_, i) => `${i}-`.repeat(200));
      await Promise.all(
        words.map(async (word) => {
          const socket = await producer(session);
          // Each line comes in two pieces.
          for (let i = 0; i < 50; i++) {
            socket.write(word.slice(0, 77));
            await new Promise((resolve) => socket.write(`${word.slice(77)}\n`, resolve));
          }
          socket.end();
          await once(socket.resume(), "close");
        }),
      );
      const status = async (): Promise<SessionJson> => read<SessionJson>(fetch(session.url));
      await vi.waitFor(
        async () => expect((await status()).source).toMatchObject({ producers: 0, accepted: 20 }),
        PATIENCE,
      );
      const { counts, lines } = await lastBatch(session);
      expect(lines).toBe(1000);
      expect(new Map(counts)).toEqual(new Map(words.map((word) => [word, 50])));
    });

    test("ends the line of a producer that ends, loses that of one that is there at its stop, and says so", async () => {
      await using session = await startSession(server(), LISTEN);
      (await producer(session)).end("a\nb");
      const staying = await producer(session);
      staying.write("c\nd");
      const status = async (): Promise<SessionJson> => read<SessionJson>(fetch(session.url));
      await vi.waitFor(
        async () => expect((await status()).source).toMatchObject({ producers: 1, accepted: 2 }),
        PATIENCE,
      );
      const closed = once(staying.resume(), "close");
      const { counts, dropped } = await lastBatch(session);
      await closed;
      expect([counts, dropped]).toEqual([
        [
          ["a", 1],
          ["b", 1],
          ["c", 1],
        ],
        { lines: 1, bytes: 1 },
      ]);
      expect(staying.bytesRead).toBe(0);
    });

    test("is refused at an address that is not this machine's", async () => {
      const asked = { ...LISTEN, source: { type: "listen", host: "0.0.0.0" } };
      const { errors } = await problem(post(`${server().url}/sessions`, asked), 403, "source-forbidden");
      expect(errors).toMatchObject([{ pointer: "/source/host" }]);
    });

    test("is refused at a port that somebody has", async () => {
      const other = createServer().listen(0, "127.0.0.1");
      await once(other, "listening");
      const { port } = other.address() as { port: number };
      await problem(
        post(`${server().url}/sessions`, { ...LISTEN, source: { type: "listen", port } }),
        409,
        "port-taken",
      );
      other.close();
    });
  });

  describe("POST …/lines", () => {
    test("takes lines, counts them, and names their batch", async () => {
      await using session = await startSession(server(), PUSH);
      const taken = await read<Taken>(push(session, "a b\nb\r\nc"));
      expect(taken).toEqual({ lines: 3, bytes: 8, batch: `${session.epoch}:1` });
      const more = await read<Taken>(push(session, '"a"\n{"line":"d"}', "application/x-ndjson"));
      expect(more).toEqual({ lines: 2, bytes: 4, batch: `${session.epoch}:1` });
      const { cursor, counts, bytes } = await lastBatch(session);
      expect([cursor, bytes, counts]).toEqual([
        taken.batch,
        12,
        [
          ["a", 2],
          ["b", 2],
          ["c", 1],
          ["d", 1],
        ],
      ]);
      await problem(push(session, "e\n"), 409, "session-over");
    });

    test("takes a body of any length, as it comes", async () => {
      await using session = await startSession(server(), PUSH);
      const piece = Buffer.from("the quick brown fox\n".repeat(5000));
      const asking = request(`${session.url}/lines`, { method: "POST", headers: PLAIN });
      const answered = once(asking, "response");
      // More than any limit a runtime has by itself.
      for (let i = 0; i < 1400; i++) if (!asking.write(piece)) await once(asking, "drain");
      asking.end("end");
      const [answer] = await answered;
      const taken = JSON.parse(await text(answer)) as Taken;
      expect([answer.statusCode, taken.lines, taken.bytes]).toEqual([200, 7_000_001, 140_000_003]);
      const { lines, counts } = await lastBatch(session);
      expect([lines, counts.length, counts[0]]).toEqual([7_000_001, 5, ["brown", 7_000_000]]);
    }, 60_000);

    test("is answered in the midst of a body when the session stops, with what was taken", async () => {
      await using session = await startSession(server(), PUSH);
      const asking = request(`${session.url}/lines`, { method: "POST", headers: PLAIN });
      asking.on("error", () => {});
      const answered = once(asking, "response");
      asking.write("a\nb\nc");
      const producers = async (): Promise<unknown> => (await read<SessionJson>(fetch(session.url))).source["producers"];
      await vi.waitFor(async () => expect(await producers()).toBe(1), PATIENCE);
      const { counts, dropped } = await lastBatch(session);
      const [answer] = await answered;
      const { type, detail } = JSON.parse(await text(answer)) as { type: string; detail: string };
      asking.destroy();
      const taken = Number(/; (\d+) lines, \d+ bytes have been taken$/.exec(detail)?.[1]);
      // The body may come after its headers have been seen.
      expect([answer.statusCode, type, taken]).toEqual([409, "/problems/session-over", counts.length]);
      expect(dropped.lines).toBe(taken === 0 ? 0 : 1);
    });

    test("is not for a page of another site, whatever it says it sends", async () => {
      await using session = await startSession(server(), PUSH);
      for (const type of ["text/plain", "application/x-ndjson", ""]) {
        for (const from of [
          { origin: "http://evil.example" },
          { "sec-fetch-site": "cross-site" },
          { origin: "null" },
        ]) {
          const headers = { "content-type": type, ...(from as Record<string, string>) };
          const { status } = await rawRequest(`${session.url}/lines`, headers, { method: "POST", body: "a\n" });
          expect(status).toBe(403);
        }
      }
      const { status } = await handshake(`${session.url}/lines/ws`, { origin: "http://evil.example" });
      expect(status).toBe(403);
      expect((await lastBatch(session)).lines).toBe(0);
    });

    test("is 409 for another kind of session, and 415 for what is no text", async () => {
      await using emitter = await startSession(server(), QUIET);
      await problem(push(emitter, "a\n"), 409, "not-pushed");
      expect((await handshake(`${emitter.url}/lines/ws`)).status).toBe(409);
      await using session = await startSession(server(), PUSH);
      await problem(push(session, "a=b", "application/x-www-form-urlencoded"), 415, "content-type");
    });

    test("waits for a body that comes slowly, and for no other", async () => {
      await using session = await startSession(server(), PUSH);
      const asking = request(`${session.url}/lines`, { method: "POST", headers: PLAIN });
      const answered = once(asking, "response");
      asking.write("a\n");
      const stopping = request(`${session.url}/stop`, { method: "POST", headers: { "content-length": "20" } });
      const refused = new Promise((resolve) => {
        stopping.on("response", ({ statusCode }) => resolve(statusCode)).on("error", () => resolve(408));
      });
      // Bun cuts it, and says so on standard error, which has to be empty in the end.
      if (server().runtime === "bun") stopping.destroy();
      else stopping.flushHeaders();
      await sleep(SLOW_MS);
      asking.end("b\n");
      const [answer] = await answered;
      expect(JSON.parse(await text(answer))).toMatchObject({ lines: 2 });
      expect(await refused).toBe(408);
    }, 40_000);
  });

  test("a body that breaks off is nobody's fault here", async () => {
    await using session = await startSession(server(), PUSH);
    const producers = async (): Promise<unknown> => (await read<SessionJson>(fetch(session.url))).source["producers"];
    const breakOff = async (path: string, type: string, isThere: () => Promise<void>): Promise<void> => {
      const headers = { "content-length": "20", "content-type": type };
      const asking = request(`${session.url}/${path}`, { method: "POST", headers });
      asking.on("error", () => {});
      await new Promise((resolve) => asking.write("{\n", resolve));
      await isThere();
      asking.destroy();
    };
    await breakOff("stop", "application/json", () => Promise.resolve());
    await breakOff("lines", "text/plain", () => vi.waitFor(async () => expect(await producers()).toBe(1), PATIENCE));
    await vi.waitFor(async () => expect(await producers()).toBe(0), PATIENCE);
    expect((await lastBatch(session)).counts).toEqual([["{", 1]]);
  });

  describe("GET …/lines/ws", () => {
    test("takes messages of lines, and acknowledges them", async () => {
      await using session = await startSession(server(), PUSH);
      using socket = await connect(`${session.url}/lines/ws`, { protocols: ["sluice.v1.json"] });
      expect(socket.protocol).toBe("sluice.v1.json");
      for (let i = 0; i < 5000; i++) socket.send(i % 2 === 0 ? "a b" : "c\nd\n");
      let ack: Taken = { lines: 0, bytes: 0, batch: null };
      let acks = 0;
      for (; ack.lines < 7500; acks++) ack = await socket.next<Taken>("ack");
      expect([ack.lines, ack.bytes, ack.batch]).toEqual([7500, 20_000, `${session.epoch}:1`]);
      expect(acks).toBeLessThan(1000);
      const stopped = await stop(session);
      expect((await socket.closed).code).toBe(1000);
      expect(stopped.total).toMatchObject({ lines: 7500, bytes: 20_000, words: 10_000 });
    });

    test("answers a binary message with a problem and 1008", async () => {
      await using session = await startSession(server(), PUSH);
      using socket = await connect(`${session.url}/lines/ws`);
      socket.send(Uint8Array.of(1));
      expect(await socket.next("error")).toMatchObject({ problem: { type: "/problems/bad-frame" } });
      expect((await socket.closed).code).toBe(1008);
    });

    test("closes with 1009 after a message that is too big", async () => {
      await using session = await startSession(server(), PUSH);
      using socket = await connect(`${session.url}/lines/ws`);
      socket.send("x".repeat(70_000));
      expect((await socket.closed).code).toBe(1009);
    });
  });
}

/** What comes after a restart. */
export function ingestAgainContract(runtime: RuntimeName): void {
  test("sessions that listen, and those that lines are brought to, go on after a restart", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sluice-ingest-"));
    const ids: string[] = [];
    {
      await using server = await startServer(runtime, { folder });
      for (const spec of [PUSH, LISTEN])
        ids.push((await read<SessionJson>(post(`${server.url}/sessions`, spec), 201)).id);
      const own = { url: `${server.url}/sessions/${ids[0]}` };
      using socket = await connect(`${own.url}/lines/ws`);
      await read<Taken>(push(own, "before\n"));
      server.terminate();
      // It is worth coming again.
      expect((await socket.closed).code).toBe(1012);
      await server.exit;
    }
    await using server = await startServer(runtime, { folder });
    const [pushed = { url: "" }, listening = { url: "" }] = ids.map((id) => ({ url: `${server.url}/sessions/${id}` }));
    const { batch } = await read<Taken>(push(pushed, "after\n"));
    const { cursor, inc, counts } = await lastBatch(pushed);
    expect([cursor, inc, counts]).toEqual([batch, 2, [["after", 1]]]);
    const session = await read<SessionJson>(fetch(listening.url));
    expect(session).toMatchObject({ state: "running", source: { type: "listen", connected: true } });
    const socket = await producer(session);
    socket.end("again\n");
    await once(socket.resume(), "close");
    expect((await lastBatch(listening)).counts).toEqual([["again", 1]]);
    await rm(folder, { recursive: true, force: true });
  }, 60_000);
}
