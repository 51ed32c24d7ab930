import { Hono } from "hono";
import { describe, expect, test } from "vitest";
import { pushSocket } from "../../src/http/push_socket.ts";
import type { ConnectionHandlers, Runtime } from "../../src/runtime.ts";
import type { Limits, Session } from "../../src/sessions/mod.ts";
import { HandConnection } from "../support/hand_connection.ts";
import { settle } from "../support/manual_clock.ts";
import { sessionsByHand } from "../support/sessions.ts";

/** A connection that can be held. */
class HeldConnection extends HandConnection {
  isPaused = false;
  pause(): void {
    this.isPaused = true;
  }
  resume(): void {
    this.isPaused = false;
  }
  get acks(): unknown[] {
    return this.written.map((bytes) => JSON.parse(new TextDecoder().decode(bytes)) as unknown);
  }
}

/** A session that lines are brought to, and a client of it. */
async function scene(limits: Partial<Limits> = {}, connection: HandConnection = new HeldConnection()) {
  const byHand = sessionsByHand(limits);
  const { clock } = byHand;
  const { session } = await byHand.start({ source: { type: "push" }, batchIntervalMs: 1000 });
  const connect = async (to: HandConnection, meanwhile: () => void = () => {}): Promise<ConnectionHandlers> => {
    let handlers: ConnectionHandlers | undefined;
    const runtime = {
      upgrade(_exchange: unknown, _protocol: unknown, open: (made: HandConnection) => ConnectionHandlers) {
        meanwhile();
        handlers = open(to);
        return new Response();
      },
    } as unknown as Runtime;
    const app = new Hono().get("/", (c) =>
      pushSocket(c, { session, clock, runtime, maxIdleMs: byHand.limits.maxSourceIdleMs }),
    );
    await app.request("/", { headers: { upgrade: "websocket", connection: "upgrade" } });
    return handlers!;
  };
  const timers = clock.pending;
  const { message, drained, closed } = await connect(connection);
  return {
    ...byHand,
    session,
    connection: connection as HeldConnection,
    say: message,
    drained,
    closed,
    connect,
    timers,
  };
}

/** Makes batches wait for the log: two are cut, and none can be kept. */
function hold(session: Session): () => void {
  const gate = Promise.withResolvers<void>();
  const { log } = session;
  const append = log.append.bind(log);
  const prepare = log.prepare.bind(log);
  log.append = (cut) => gate.promise.then(() => append(cut));
  log.prepare = (cut) => {
    const prepared = prepare(cut);
    return {
      async append(delays) {
        await gate.promise;
        await prepared.append(delays);
        prepared.settle?.();
      },
    };
  };
  return gate.resolve;
}

describe("GET …/lines/ws", () => {
  test("takes messages of one or more lines, and acknowledges their sum now and then", async () => {
    const { session, connection, clock, say } = await scene();
    say("a b");
    say("b\nc\n");
    say("d\r\ne\r");
    expect(connection.acks).toEqual([]);
    await clock.advance(50);
    const { epoch } = session.log;
    expect(connection.acks).toEqual([{ type: "ack", lines: 5, bytes: 4 + 4 + 6, batch: `${epoch}:1` }]);
    for (let i = 0; i < 1000; i++) say("f");
    await clock.advance(950);
    expect(connection.acks.slice(1)).toEqual([{ type: "ack", lines: 1005, bytes: 14 + 2000, batch: `${epoch}:1` }]);
    expect(session.log.read(1)?.counts.top(3)).toEqual([
      ["f", 1000],
      ["b", 2],
      ["a", 1],
    ]);
    await clock.advance(5000);
    expect(connection.written.length).toBe(2);
  });

  test("reads no more while batches wait, and goes on with what had come", async () => {
    const { session, connection, clock, say } = await scene();
    const release = hold(session);
    say("a");
    await clock.advance(2000);
    say("b");
    expect(connection.isPaused).toBe(true);
    say("c");
    say("d");
    await clock.advance(1000);
    expect(connection.acks.at(-1)).toMatchObject({ lines: 2 });
    release();
    await clock.advance(10);
    expect(connection.isPaused).toBe(false);
    await clock.advance(50);
    expect(connection.acks.at(-1)).toMatchObject({ lines: 4 });
    await session.stop("stopped");
    const lines = Array.from({ length: session.log.head }, (_, i) => session.log.read(i + 1)!.lines);
    expect(lines.reduce((sum, each) => sum + each, 0)).toBe(4);
  });

  test("closes with 1013 where reading cannot be stopped and too much comes; only what is acknowledged was taken", async () => {
    const { session, connection, clock, say, closed } = await scene({}, new HandConnection());
    const release = hold(session);
    say("a");
    await clock.advance(2000);
    const message = "x".repeat(60_000);
    for (let i = 0; i < 18; i++) say(message);
    expect(connection.over).toBeUndefined();
    say(message);
    expect(connection.over).toBe("end 1013 too fast: wait to be acknowledged");
    closed();
    release();
    await clock.advance(100);
    await session.stop("stopped");
    expect(session.log.total.lines).toBe(2);
  });

  test("does not write to a client that reads no acknowledgements, and tells it the sum when it does", async () => {
    const { connection, clock, say, drained } = await scene();
    connection.buffered = 256 * 1024;
    say("a");
    await clock.advance(1000);
    expect(connection.written).toEqual([]);
    connection.buffered = 0;
    drained();
    await clock.advance(50);
    expect(connection.acks).toMatchObject([{ lines: 1 }]);
  });

  test("acknowledges all and closes when the session is over", async () => {
    const { session, connection, say } = await scene();
    say("a\nb");
    await session.stop("stopped");
    expect(connection.acks).toMatchObject([{ lines: 2, batch: `${session.log.epoch}:1` }]);
    expect(connection.over).toBe("end 1000 the session is over");
    expect(session.log.read(1)).toMatchObject({ lines: 2, final: true });
  });

  test("refuses binary messages", async () => {
    const { session, connection, say } = await scene();
    say(undefined);
    expect(connection.acks).toMatchObject([{ type: "error", problem: { type: "/problems/bad-frame" } }]);
    expect(connection.over).toMatch(/^end 1008 /);
    expect(session.log.total.lines).toBe(0);
  });

  test("lets go of a client that says nothing for too long", async () => {
    const { connection, clock, say } = await scene({ maxSourceIdleMs: 1000 });
    await clock.advance(900);
    say("a");
    await clock.advance(900);
    expect(connection.over).toBeUndefined();
    await clock.advance(100);
    expect(connection.over).toBe("end 1000 nothing was said for too long");
  });

  test("keeps nothing of a client that has gone", async () => {
    const { session, clock, say, closed, timers } = await scene();
    say("a");
    expect(clock.pending).toBe(timers + 2);
    closed();
    await settle();
    expect(session.sourceStatus).toMatchObject({ producers: 0, accepted: 1 });
    expect(clock.pending).toBe(timers);
  });

  test("tells a client for whom the last place has gone meanwhile", async () => {
    const { session, connect, closed } = await scene({ maxProducers: 1 });
    closed();
    const late = new HeldConnection();
    await connect(late, () => void session.intake.open(() => {}));
    expect(late.acks).toMatchObject([{ type: "error", problem: { type: "/problems/too-many-producers" } }]);
    expect(late.over).toBe("end 1013 no room");
  });
});
