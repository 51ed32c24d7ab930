import { describe, expect, test, vi } from "vitest";
import type { BatchEvent, StreamEvent } from "../../src/client/events.ts";
import { systemPorts, type Ports, type Tabs } from "../../src/client/ports.js";
import type { ManualClock } from "../support/manual_clock.ts";
import { end, EPOCH, head, hello, history, RUNNING } from "./history.ts";
import { startFeed } from "./feed.ts";
import { startLiar, TRANSPORTS } from "./liar.ts";
import { Loop, PATIENCE, portsByHand } from "./ports.ts";

const batches = history(40);

/** Node has what tabs share; each test is an origin of its own, as its service's port is its own. */
const tabs: Tabs | undefined = systemPorts.tabs;
const tabPorts = (): Ports & { clock: ManualClock } => portsByHand({ tabs });

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

test("Node has Web Locks and BroadcastChannel", () => {
  expect(tabs).toBeDefined();
});

describe.each(TRANSPORTS)("tabs that follow one session over %s", (transport) => {
  const options = { transport, share: true } as const;

  test("have one connection together, and each every batch", async () => {
    await using feed = await startFeed(batches.slice(0, 3));
    const loops = Array.from({ length: 7 }, () => new Loop(tabPorts(), feed.url, options));
    for (const loop of loops) await loop.until(({ seqs }) => seqs.length === 3);
    await vi.waitFor(() => expect(feed.open).toBe(1), PATIENCE);
    feed.say(...batches.slice(3, 8));
    for (const loop of loops) await loop.until(({ seqs }) => seqs.length === 8);
    expect(loops.map(({ seqs }) => seqs)).toEqual(loops.map(() => numbers(1, 8)));
    expect([feed.open, loops.filter(({ link }) => link?.shared === true).length]).toEqual([1, 7]);
    feed.say(end(batches.slice(0, 8)));
    for (const loop of loops) expect([await loop.over, loop.events.at(-1)?.type]).toEqual([undefined, "end"]);
    for (const { events } of loops) expect([events[0]?.type, events[1]?.type]).toEqual(["hello", "state"]);
  });

  test("begin each where they ask to", async () => {
    await using feed = await startFeed(batches.slice(0, 5));
    const all = new Loop(tabPorts(), feed.url, options);
    await all.until(({ seqs }) => seqs.length === 5);
    const late = new Loop(tabPorts(), feed.url, { ...options, after: `${EPOCH}:3` });
    const next = new Loop(tabPorts(), feed.url, { ...options, since: "now" });
    await late.until(({ seqs }) => seqs.length === 2);
    await next.until(({ events }) => events.length === 2);
    await vi.waitFor(() => expect(feed.open).toBe(1), PATIENCE);
    feed.say(batches[5]!);
    for (const loop of [all, late, next]) await loop.until(({ seqs }) => seqs.at(-1) === 6);
    expect([all.seqs, late.seqs, next.seqs]).toEqual([numbers(1, 6), numbers(4, 6), [6]]);
    await Promise.all([all.stop(), late.stop(), next.stop()]);
  });

  test("lose and repeat nothing when the one that has the connection goes, again and again", async () => {
    await using feed = await startFeed(batches.slice(0, 1));
    const loops = Array.from({ length: 5 }, () => new Loop(tabPorts(), feed.url, options));
    for (const loop of loops) await loop.until(({ seqs }) => seqs.length === 1);
    let said = 1;
    for (let gone = 0; gone < 4; gone++) {
      // Some while it goes, some after.
      feed.say(...batches.slice(said, said + 2));
      const stopped = loops[gone]!.stop();
      feed.say(...batches.slice(said + 2, said + 4));
      said += 4;
      await stopped;
      for (const loop of loops.slice(gone + 1)) await loop.until(({ seqs }) => seqs.at(-1) === said);
      await vi.waitFor(() => expect(feed.open).toBe(1), PATIENCE);
    }
    expect(loops[4]!.seqs).toEqual(numbers(1, said));
    for (const { seqs } of loops) expect(seqs).toEqual(numbers(1, seqs.length));
    await loops[4]!.stop();
    await vi.waitFor(() => expect(feed.open).toBe(0), PATIENCE);
  });

  test("go on when the service goes away and comes back", async () => {
    await using feed = await startFeed(batches.slice(0, 2));
    const loops = Array.from({ length: 3 }, () => new Loop(tabPorts(), feed.url, options));
    const clocks = loops.map(({ ports }) => ports.clock as ManualClock);
    for (const loop of loops) await loop.until(({ seqs }) => seqs.length === 2);
    await vi.waitFor(() => expect(feed.open).toBe(1), PATIENCE);
    feed.drop();
    for (const loop of loops) await loop.until(({ link }) => link?.state === "waiting");
    expect(loops.every(({ link }) => link?.shared === true)).toBe(true);
    feed.say(...batches.slice(2, 4));
    for (const clock of clocks) await clock.advance(500);
    for (const loop of loops) await loop.until(({ seqs }) => seqs.at(-1) === 4);
    expect(loops.map(({ seqs }) => seqs)).toEqual(loops.map(() => numbers(1, 4)));
    expect(feed.open).toBe(1);
    await Promise.all(loops.map((loop) => loop.stop()));
  });

  test("are told each for itself why it is over, when the service refuses for good", async () => {
    await using liar = await startLiar(() => ({ refuse: 404 }));
    const loops = Array.from({ length: 3 }, () => new Loop(tabPorts(), liar.url, options));
    for (const loop of loops) expect(await loop.over).toMatchObject({ name: "FollowError", status: 404 });
  });

  test("do not share what is not the same", async () => {
    await using feed = await startFeed(batches.slice(0, 2));
    const asked = [{}, { top: 3 }, { token: "secret" }];
    const loops = asked.map((each) => new Loop(tabPorts(), feed.url, { ...options, ...each }));
    for (const loop of loops) await loop.until(({ seqs }) => seqs.length === 2);
    expect(feed.open).toBe(3);
    await Promise.all(loops.map((loop) => loop.stop()));
  });

  test("follow for themselves where nothing can be shared", async () => {
    await using feed = await startFeed(batches.slice(0, 2));
    const loops = [0, 1].map(() => new Loop(portsByHand(), feed.url, options));
    for (const loop of loops) await loop.until(({ seqs }) => seqs.length === 2);
    expect([feed.open, loops.map(({ link }) => link?.shared)]).toEqual([2, [false, false]]);
    await Promise.all(loops.map((loop) => loop.stop()));
  });
});

describe("a tab", () => {
  const options = { share: true } as const;

  test("that is denied locks follows for itself", async () => {
    await using feed = await startFeed(batches.slice(0, 2));
    const denied = { request: () => Promise.reject(new DOMException("denied", "SecurityError")) };
    const ports = portsByHand({ tabs: { ...tabs!, locks: denied as unknown as LockManager } });
    const loop = new Loop(ports, feed.url, options);
    await loop.until(({ seqs }) => seqs.length === 2);
    expect(loop.link).toMatchObject({ state: "live", shared: false });
    await loop.stop();
  });

  test("that is given the lead before it hears of the end is told it by the service", async () => {
    await using feed = await startFeed(batches.slice(0, 2));
    const leader = new Loop(tabPorts(), feed.url, options);
    await leader.until(({ seqs }) => seqs.length === 2);
    class Deaf extends BroadcastChannel {
      override addEventListener(...[type, hear]: Parameters<BroadcastChannel["addEventListener"]>): void {
        super.addEventListener(type, (said: Event) => {
          const { told } = (said as MessageEvent<{ told?: { event: StreamEvent } }>).data;
          if (told?.event.type !== "end" && typeof hear === "function") hear.call(this, said);
        });
      }
    }
    const ports = portsByHand({ tabs: { ...tabs!, BroadcastChannel: Deaf } });
    const other = new Loop(ports, feed.url, options);
    await other.until(({ link }) => link?.shared === true);
    feed.say(batches[2]!, end(batches.slice(0, 3)));
    for (const loop of [leader, other])
      expect([await loop.over, loop.seqs, loop.events.at(-1)?.type]).toEqual([undefined, [1, 2, 3], "end"]);
  });

  test("that is told nothing for 45 s follows for itself", async () => {
    await using feed = await startFeed(batches.slice(0, 2));
    const leader = new Loop(tabPorts(), feed.url, options);
    await leader.until(({ seqs }) => seqs.length === 2);
    const ports = tabPorts();
    const other = new Loop(ports, feed.url, options);
    await other.until(({ link }) => link?.shared === true);
    await vi.waitFor(() => expect(feed.open).toBe(1), PATIENCE);
    await ports.clock.advance(45_000);
    await vi.waitFor(() => expect(feed.open).toBe(2), PATIENCE);
    feed.say(batches[2]!);
    for (const loop of [leader, other]) await loop.until(({ seqs }) => seqs.at(-1) === 3);
    await vi.waitFor(() => expect(feed.open).toBe(1), PATIENCE);
    await Promise.all([leader.stop(), other.stop()]);
  });

  test("that does not read costs nobody anything, and asks the service for what it was not kept", async () => {
    const many = history(700);
    await using feed = await startFeed(many.slice(0, 1));
    const leader = new Loop(tabPorts(), feed.url, options);
    await leader.until(({ seqs }) => seqs.length === 1);
    const { followOn } = await import("../../src/client/follow.js");
    const idle = followOn(tabPorts(), feed.url, { ...options, since: "earliest" });
    const seqs: number[] = [];
    const read = async (count: number): Promise<void> => {
      while (seqs.length < count) {
        const { value } = await idle.next();
        if (value?.type === "batch") seqs.push(value.seq);
      }
    };
    await read(1);
    feed.say(...many.slice(1, 600));
    await leader.until(({ seqs: all }) => all.length === 600);
    await read(600);
    feed.say(...many.slice(600));
    await read(700);
    await leader.until(({ seqs: all }) => all.length === 700);
    expect([seqs, leader.seqs]).toEqual([numbers(1, 700), numbers(1, 700)]);
    await idle.return();
    await leader.stop();
  });

  test("checks what it is told", async () => {
    await using feed = await startFeed(batches.slice(0, 2));
    const loops = [0, 1].map(() => new Loop(tabPorts(), feed.url, options));
    for (const loop of loops) await loop.until(({ seqs }) => seqs.length === 2);
    await vi.waitFor(() => expect(feed.open).toBe(1), PATIENCE);
    const forged: BatchEvent = { ...batches[2]!, words: 1 };
    feed.say(forged);
    for (const loop of loops) expect(await loop.over).toMatchObject({ name: "ViolationError" });
  });

  test("is given signs of life, and a reset as it comes", async () => {
    const others = history(2, "zzzz");
    await using feed = await startFeed(batches.slice(0, 2));
    const loops = [0, 1].map(() => new Loop(tabPorts(), feed.url, options));
    for (const loop of loops) await loop.until(({ seqs }) => seqs.length === 2);
    await vi.waitFor(() => expect(feed.open).toBe(1), PATIENCE);
    feed.say(head(batches.slice(0, 2)));
    for (const loop of loops) await loop.until(({ events }) => events.at(-1)?.type === "head");
    const reset = { type: "reset", epoch: "zzzz", reason: "epoch", asked: `${EPOCH}:2`, from: "zzzz:1" } as const;
    feed.say(hello(others, 1, { status: "reset", reason: "epoch" }), reset, RUNNING, ...others, end(others));
    for (const loop of loops) expect(await loop.over).toBeUndefined();
    expect(loops.map(({ seqs }) => seqs)).toEqual([
      [1, 2, 1, 2],
      [1, 2, 1, 2],
    ]);
  });
});
