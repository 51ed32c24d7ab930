import { Hono } from "hono";
import { describe, expect, test } from "vitest";
import { Delivery } from "../../src/http/delivery.ts";
import { DeliveryMeasures } from "../../src/http/delivery_measures.ts";
import { severalEvents, type Several } from "../../src/http/several.ts";
import { severalSocket } from "../../src/http/several_socket.ts";
import { HIGH_WATER_BYTES, type ConnectionHandlers, type OpenConnection } from "../../src/runtime.ts";
import { HandConnection } from "../support/hand_connection.ts";
import { sessionsByHand, type SessionsByHand } from "../support/sessions.ts";

interface Scene extends SessionsByHand {
  readonly connection: HandConnection;
  readonly handlers: ConnectionHandlers;
  readonly ids: readonly string[];
  say(message: object): void;
}

/** Sessions of a batch a second, and a connection that has asked for this path. */
async function scene(path: (ids: readonly string[]) => string, count: number = 2): Promise<Scene> {
  const byHand = sessionsByHand({ maxSessions: count });
  const { clock, sessions } = byHand;
  const started: Awaited<ReturnType<typeof byHand.start>>[] = [];
  while (started.length < count) started.push(await byHand.start({ batchIntervalMs: 1000 }));
  const ids = started.map(({ session }) => session.id);
  const connection = new HandConnection();
  const opened: ConnectionHandlers[] = [];
  const answer = (open: OpenConnection): Response => {
    opened.push(open(connection));
    return new Response(null);
  };
  const deliveries = new Map(
    started.map(({ session }) => [session.id, new Delivery(session, clock, { measures: new DeliveryMeasures() })]),
  );
  const several: Several = {
    clock,
    addressOf: () => null,
    mustHaveRoom: () => {},
    runtime: {
      stream: (_exchange, _headers, open) => answer(open),
      upgrade: (_exchange, _protocol, open) => answer(open),
    },
    branchOf: (id) => ({ session: sessions.get(id), delivery: deliveries.get(id)! }),
  };
  const app = new Hono().get("/sse", (c) => severalEvents(c, several)).get("/ws", (c) => severalSocket(c, several));
  await app.request(path(ids), { headers: { upgrade: "websocket", connection: "upgrade" } });
  const [handlers] = opened;
  if (handlers === undefined) throw new Error("The connection was not opened");
  return { ...byHand, connection, handlers, ids, say: (message) => handlers.message(JSON.stringify(message)) };
}

const text = ({ written }: HandConnection): string => written.map((bytes) => new TextDecoder().decode(bytes)).join("");

describe("a WebSocket of several sessions", () => {
  test("is closed when it has followed nothing for 30 s", async () => {
    const { clock, connection, ids, say } = await scene(() => "/ws");
    await clock.advance(29_999);
    say({ type: "subscribe", session: ids[0] });
    await clock.advance(60_000);
    expect(connection.over).toBeUndefined();
    say({ type: "unsubscribe", session: ids[0] });
    await clock.advance(29_999);
    expect(connection.over).toBeUndefined();
    await clock.advance(1);
    expect(connection.over).toBe("end 1000 nothing is followed");
  });

  test("leaves nothing behind when it is closed", async () => {
    const { clock, handlers, ids, say } = await scene(() => "/ws");
    const before = clock.pending - 1;
    for (const session of ids) say({ type: "subscribe", session });
    handlers.closed();
    expect(clock.pending).toBe(before);
  });

  test("goes on with every session when it has drained", async () => {
    const { clock, connection, handlers, ids, say } = await scene(() => "/ws");
    for (const session of ids) say({ type: "subscribe", session });
    connection.buffered = HIGH_WATER_BYTES;
    await clock.advance(3000);
    expect(connection.told.filter((name) => name === "3").length).toBe(0);
    connection.buffered = 0;
    handlers.drained();
    expect(connection.told.filter((name) => name === "3").length).toBe(2);
  });

  test("is closed as a whole when it is too slow for the policy it asked for", async () => {
    const { clock, connection, ids, say } = await scene(() => "/ws?policy=disconnect&maxLag=2");
    for (const session of ids) say({ type: "subscribe", session });
    connection.buffered = HIGH_WATER_BYTES;
    await clock.advance(3000);
    expect(connection.over).toBe("end 4008 too slow");
  });

  test("is closed with 1001 when the service goes away", async () => {
    const { connection, sessions, ids, say } = await scene(() => "/ws");
    for (const session of ids) say({ type: "subscribe", session });
    await sessions.close();
    expect(connection.over).toBe("end 1001 shutdown");
  });

  test("follows 100 sessions at the most, and each of them once", async () => {
    const { connection, ids, say } = await scene(() => "/ws", 101);
    const hellos = (): number => connection.told.filter((name) => name === "hello").length;
    for (const session of [...ids.slice(0, 100), ...ids.slice(0, 100)]) say({ type: "subscribe", session });
    expect([hellos(), connection.told.includes("error")]).toEqual([200, false]);
    say({ type: "subscribe", session: ids[100] });
    expect([hellos(), connection.told.at(-1), connection.over]).toEqual([200, "error", undefined]);
    say({ type: "unsubscribe", session: ids[0] });
    say({ type: "subscribe", session: ids[100] });
    expect(hellos()).toBe(201);
  });
});

describe("an event stream of several sessions", () => {
  test("has in each id where each of them is then, those that are over too", async () => {
    const { clock, connection, sessions, ids } = await scene(([a, b]) => `/sse?session=${a}&session=${b}&since=now`);
    await clock.advance(1000);
    const [one, two] = ids.map((id) => sessions.get(id));
    await one!.stop("stopped");
    await clock.advance(1000);
    const seen = text(connection).match(/^id: .*$/gm);
    expect(new Set(seen).size).toBe(5);
    expect(seen?.[0]).toBe(`id: ${one!.id}=${one!.log.epoch}:0,${two!.id}=${two!.log.epoch}:0`);
    expect(seen?.at(-1)).toBe(`id: ${one!.id}=${one!.log.epoch}:2,${two!.id}=${two!.log.epoch}:2`);
    expect(connection.over).toBeUndefined();
    await two!.stop("stopped");
    expect(connection.over).toMatch(/^end/);
  });
});
