import { describe, expect, test } from "vitest";
import { Delivery } from "../../src/http/delivery.ts";
import { DeliveryMeasures } from "../../src/http/delivery_measures.ts";
import type { Follower, Manner } from "../../src/http/follower.ts";
import { sseFraming, textFraming, webSocketFraming } from "../../src/http/framing.ts";
import { HIGH_WATER_BYTES } from "../../src/runtime.ts";
import { begin, type Asked, type Session } from "../../src/sessions/mod.ts";
import type { HandSource } from "../support/bytes.ts";
import { HandConnection } from "../support/hand_connection.ts";
import { settle } from "../support/manual_clock.ts";
import { sessionsByHand, type SessionsByHand } from "../support/sessions.ts";

const MANNER: Manner = {
  framing: webSocketFraming,
  top: 500,
  slowness: { policy: "gap", maxLag: Infinity },
  address: null,
};

interface Scene extends SessionsByHand {
  readonly session: Session;
  readonly delivery: Delivery;
  readonly source: HandSource;
  /** Cuts `n` batches. */
  batches(n: number): Promise<void>;
  join(connection: HandConnection, asked?: Asked, manner?: Partial<Manner>): Follower;
  stop(): Promise<void>;
}

async function scene(maxBatches: number = 1000): Promise<Scene> {
  const byHand = sessionsByHand({ maxBatches });
  const { session, source } = await byHand.start({ batchIntervalMs: 1000 });
  const delivery = new Delivery(session, byHand.clock, { measures: new DeliveryMeasures() });
  return {
    ...byHand,
    session,
    delivery,
    source,
    batches: (n) => byHand.clock.advance(1000 * n),
    join: (connection, asked, manner = {}) =>
      delivery.join(connection, { ...MANNER, ...manner }, { beginning: begin(session.log, asked), asked: null }),
    stop: () => session.stop("stopped"),
  };
}

describe("Delivery", () => {
  test("says hello and state, then every batch, then the end", async () => {
    const { join, batches, stop } = await scene();
    const connection = new HandConnection();
    await batches(2);
    join(connection);
    await batches(2);
    await stop();
    expect(connection.told).toEqual(["hello", "state", "2", "3", "4", "state", "5", "state", "end"]);
    expect(connection.over).toBe("end 1000 stopped");
  });

  test("has the batches of a session come before those of others while somebody follows it", async () => {
    const { start, clock, batches } = await scene();
    const order: string[] = [];
    const begun = async (name: string): Promise<Session> => {
      const { session } = await start({ batchIntervalMs: 1000 });
      session.log.onAppend(() => order.push(name));
      return session;
    };
    const [, , last] = [await begun("a"), await begun("b"), await begun("c")];
    const delivery = new Delivery(last, clock, { measures: new DeliveryMeasures() });
    const next = async (): Promise<string> => {
      await batches(1);
      return order.splice(0).join("");
    };
    expect(await next()).toBe("abc");
    const follower = delivery.join(new HandConnection(), MANNER, { beginning: begin(last.log), asked: null });
    expect(await next()).toBe("cab");
    delivery.leave(follower);
    expect(await next()).toBe("abc");
  });

  test("writes followers of one form the same bytes", async () => {
    const { join, batches } = await scene();
    const connections = Array.from({ length: 3 }, () => new HandConnection());
    for (const connection of connections) join(connection);
    await batches(1);
    const frames = connections.map(({ written }) => written.at(-1));
    expect(frames[1]).toBe(frames[0]);
    expect(frames[2]).toBe(frames[0]);
  });

  test("writes to thousands in several turns of the event loop, and who joins or leaves meanwhile misses nothing", async () => {
    const { join, delivery, clock, source, session } = await scene();
    const connections = Array.from({ length: 1200 }, () => new HandConnection());
    const followers = connections.map((connection) => join(connection));
    const heads = (): number => connections.filter(({ told }) => told.at(-1) === String(session.log.head)).length;
    const late = new HandConnection();
    const reached: number[] = [];
    session.log.onAppend(() => {
      // The first slice has been written to, the others wait for their turns.
      reached.push(heads());
      if (session.log.head !== 1) return;
      delivery.leave(followers[1000]!);
      join(late);
    });
    source.write("a\n");
    await clock.advance(1000);
    await settle();
    await clock.advance(1000);
    await settle();
    await settle();
    expect(reached).toEqual([500, 500]);
    expect([heads(), connections[1000]!.told.at(-1)]).toEqual([1199, "state"]);
    expect(connections[1199]!.told).toEqual(["hello", "state", "1", "2"]);
    expect(late.told).toEqual(["hello", "state", "1", "2"]);
  });

  test("gives a full connection no more, and all it missed when it has drained", async () => {
    const { delivery, join, batches } = await scene();
    const slow = new HandConnection();
    const fast = new HandConnection();
    const follower = join(slow);
    join(fast);
    await batches(2);
    slow.buffered = HIGH_WATER_BYTES;
    await batches(5);
    expect([slow.told.at(-1), fast.told.at(-1)]).toEqual(["2", "7"]);
    slow.buffered = 0;
    delivery.drained(follower);
    expect(slow.told.slice(-5)).toEqual(["3", "4", "5", "6", "7"]);
  });

  test("never writes a frozen connection more than the high water and one batch", async () => {
    const { join, batches, source } = await scene();
    const frozen = new HandConnection();
    frozen.frozen = true;
    join(frozen);
    for (let i = 0; i < 20; i++) {
      source.write(
        `${Array.from({ length: 500 }, (_, word) => `a-rather-long-word-${word}-${"x".repeat(100)}`).join(" ")}\n`,
      );
      await batches(1);
    }
    const batch = Math.max(...frozen.written.map((bytes) => bytes.length));
    expect(frozen.buffered).toBeGreaterThan(HIGH_WATER_BYTES);
    expect(frozen.buffered).toBeLessThan(HIGH_WATER_BYTES + batch);
  });

  test("tells a client too slow for the log what it missed", async () => {
    const { delivery, join, batches } = await scene(3);
    const slow = new HandConnection();
    await batches(1);
    const follower = join(slow);
    slow.buffered = HIGH_WATER_BYTES;
    await batches(8);
    slow.buffered = 0;
    delivery.drained(follower);
    expect(slow.told.slice(-5)).toEqual(["1", "gap 2-6", "7", "8", "9"]);
  });

  test("gives one that wants the latest the newest batch, and says how many it skipped", async () => {
    const { delivery, join, batches } = await scene();
    await batches(3);
    const slow = new HandConnection();
    const follower = join(slow, { since: "earliest" }, { slowness: { policy: "latest", maxLag: 2 } });
    expect(slow.told).toEqual(["hello", "state", "1", "2", "3"]);
    const full = async (n: number): Promise<void> => {
      slow.buffered = HIGH_WATER_BYTES;
      await batches(n);
      slow.buffered = 0;
      delivery.drained(follower);
    };
    await full(2);
    expect(slow.told.slice(5)).toEqual(["4", "5"]);
    await full(4);
    expect(slow.told.slice(7)).toEqual(["9, skipped 3"]);
    await batches(1);
    expect(slow.told.at(-1)).toBe("10");
  });

  test("closes one that wants to be when more than maxLag batches wait for it, with 4008 and then by force", async () => {
    const { delivery, join, batches } = await scene();
    await batches(50);
    const frozen = new HandConnection();
    const slowness = { policy: "disconnect", maxLag: 5 } as const;
    frozen.buffered = HIGH_WATER_BYTES;
    join(frozen, { since: "earliest" }, { slowness });
    await batches(5);
    expect(frozen.over).toBeUndefined();
    await batches(1);
    expect([frozen.over, delivery.size]).toEqual(["end 4008 too slow", 0]);
    await batches(8);
    expect(frozen.over).toBe("terminated");
  });

  test("lets a connection go that has taken nothing for 30 s", async () => {
    const { join, batches } = await scene();
    const frozen = new HandConnection();
    join(frozen);
    frozen.buffered = HIGH_WATER_BYTES;
    await batches(30);
    expect(frozen.over).toBeUndefined();
    await batches(15);
    expect(frozen.over).toBe("terminated");
  });

  test("keeps a connection that takes little, but takes", async () => {
    const { join, batches } = await scene();
    const slow = new HandConnection();
    join(slow);
    slow.buffered = HIGH_WATER_BYTES + 1000;
    for (let i = 0; i < 12; i++) {
      await batches(15);
      slow.buffered -= 10;
    }
    expect(slow.over).toBeUndefined();
    expect(slow.told).toEqual(["hello", "state"]);
    slow.buffered = 0;
    await batches(15);
    expect(slow.told.length).toBeGreaterThan(180);
  });

  test("says in a head what the newest batch, its totals and its hash are", async () => {
    const { join, batches, sessions } = await scene();
    const connection = new HandConnection();
    join(connection);
    await batches(15);
    const { log } = sessions.all()[0]!;
    const at = connection.told.indexOf("head");
    const { seq, epoch, total, hash } = log.read(Number(connection.told[at - 1]))!;
    const said = JSON.parse(new TextDecoder().decode(connection.written[at])) as object;
    expect(said).toEqual({ type: "head", head: `${epoch}:${seq}`, total, hash });
  });

  test("sends the head every 15 s and pings every 25 s", async () => {
    const { delivery, join, batches } = await scene();
    const connection = HandConnection.webSocket();
    const follower = join(connection);
    await batches(15);
    expect(connection.told.filter((name) => name === "head").length).toBe(1);
    await batches(10);
    expect(connection.pings).toBe(1);
    follower.awaitingPong = false;
    await batches(8);
    expect(connection.over).toBeUndefined();
    await batches(25);
    expect([connection.pings, connection.over]).toEqual([2, "terminated"]);
    delivery.leave(follower);
  });

  test("delivers a session that is over, and its end", async () => {
    const { delivery, join, batches, stop } = await scene();
    await batches(3);
    await stop();
    const late = new HandConnection();
    join(late, { since: "earliest" });
    expect(late.told).toEqual(["hello", "state", "1", "2", "3", "4", "end"]);
    expect([late.over, delivery.size]).toEqual(["end 1000 stopped", 0]);
  });

  test("costs nothing when everyone has left", async () => {
    const { clock, delivery, join, batches } = await scene();
    const before = clock.pending;
    const connection = new HandConnection();
    const follower = join(connection);
    await batches(30);
    delivery.leave(follower);
    delivery.leave(follower);
    const written = connection.written.length;
    await batches(30);
    expect([clock.pending, connection.written.length, delivery.size]).toEqual([before, written, 0]);
  });

  test("tells every change of state", async () => {
    const { join, source } = await scene();
    const connection = new HandConnection();
    join(connection);
    source.tell({ connected: false, lastError: "refused" });
    const said = JSON.parse(new TextDecoder().decode(connection.written.at(-1))) as object;
    expect(said).toEqual({ type: "state", state: "degraded", connected: false, lastError: "refused" });
  });
});

describe("framings", () => {
  test("write hostile words as data", async () => {
    const { join, batches, source } = await scene();
    const words = ["__proto__", "</script>", "\u001b[31m", "\u2028", '"', "data:x", "id:"];
    source.write(`${words.join(" ")}\n`);
    for (const framing of [sseFraming, webSocketFraming]) {
      const connection = new HandConnection();
      join(connection, { since: "now" }, { framing });
      source.write(`${words.join(" ")}\n`);
      await batches(1);
      const text = new TextDecoder().decode(connection.written.at(-1));
      const json = framing === sseFraming ? text.slice(text.indexOf("data: ") + 6) : text;
      const { counts } = JSON.parse(json) as { counts: [string, number][] };
      expect(counts.map(([word]) => word).toSorted()).toEqual(words.toSorted());
      expect(text.split("\n").length).toBe(framing === sseFraming ? 5 : 1);
    }
  });

  test("text says gaps in a line of their own, and nothing else that Spark does not", () => {
    expect(textFraming.event("gap", { from: "a:1", to: "a:2" })).toBe(
      '# gap: no longer kept: {"from":"a:1","to":"a:2"}\n\n',
    );
    expect(textFraming.event("hello", {})).toBeUndefined();
  });
});
