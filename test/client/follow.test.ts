import type { ServerResponse } from "node:http";
import { describe, expect, test, vi } from "vitest";
import { FollowError } from "../../src/client/errors.js";
import type { BatchEvent, FollowOptions } from "../../src/client/events.ts";
import { followOn } from "../../src/client/follow.js";
import { settle } from "../support/manual_clock.ts";
import { end, EPOCH, head, hello, history, RUNNING } from "./history.ts";
import { honest, startLiar, TRANSPORTS, type Script } from "./liar.ts";
import { Loop, PATIENCE, portsByHand } from "./ports.ts";

const batches = history(6);
const first = (count: number): BatchEvent[] => batches.slice(0, count);
const from = (seq: number, to: number = batches.length): BatchEvent[] => batches.slice(seq - 1, to);

/** Answers the first connections with these, later ones honestly. */
const scripts =
  (...given: readonly Script[]) =>
  (asked: Parameters<ReturnType<typeof honest>>[0]): Script =>
    given[asked.number] ?? honest(batches)(asked);

describe.each(TRANSPORTS)("follow over %s", (transport) => {
  const options = { transport } as const;

  test("gives hello, state, every batch once and in order, and ends with the session", async () => {
    await using liar = await startLiar(honest(batches));
    const loop = new Loop(portsByHand(), liar.url, options);
    expect(await loop.over).toBeUndefined();
    expect(loop.events).toEqual([hello(batches, 1), RUNNING, ...batches, end(batches)]);
    expect(loop.links.map(({ state }) => state)).toEqual(["connecting", "live", "over"]);
    expect(liar.asked.length).toBe(1);
  });

  test("asks for where to begin, for words and with its token", async () => {
    await using liar = await startLiar(honest(batches));
    const asked = { ...options, since: -3, top: 7, token: "secret" };
    await new Loop(portsByHand(), `${liar.url}/sse`, asked).over;
    const { query, headers } = liar.asked[0]!;
    expect([query.get("since"), query.get("top"), query.get("after")]).toEqual(["-3", "7", null]);
    expect([query.get("access_token"), query.get("ticket"), headers.authorization]).toEqual(
      transport === "ws" ? [null, "t0", undefined] : [null, null, "Bearer secret"],
    );
    const ticket = { authorization: "Bearer secret", body: '{"session":"s_test"}' };
    expect(liar.tickets).toEqual(transport === "ws" ? [ticket] : []);
  });

  test.skipIf(transport === "sse")(
    "has a ticket for each connection, and waits where there is none for now",
    async () => {
      const half = { events: [hello(batches, 1), RUNNING, ...first(3)], close: 1012 };
      await using liar = await startLiar(scripts(half));
      liar.refuseTickets.push(503);
      const ports = portsByHand();
      const loop = new Loop(ports, liar.url, { ...options, token: "secret" });
      await loop.until(({ link }) => link?.state === "waiting");
      expect([loop.link?.reason, liar.asked.length]).toEqual(["No ticket", 0]);
      await ports.clock.advance(loop.link!.delayMs);
      await loop.until(({ link, seqs }) => link?.state === "waiting" && seqs.length === 3);
      await ports.clock.advance(loop.link!.delayMs);
      expect(await loop.over).toBeUndefined();
      expect(liar.asked.map(({ query }) => query.get("ticket"))).toEqual(["t1", "t2"]);
    },
  );

  test.skipIf(transport === "sse")("gives up where it is given no ticket", async () => {
    await using liar = await startLiar(honest(batches));
    liar.refuseTickets.push(403);
    const loop = new Loop(portsByHand(), liar.url, { ...options, token: "secret" });
    expect(await loop.over).toMatchObject({ name: "FollowError", status: 403, message: "No ticket" });
    expect(liar.asked.length).toBe(0);
  });

  test("goes on after a cursor it is given", async () => {
    await using liar = await startLiar(honest(batches));
    const loop = new Loop(portsByHand(), liar.url, { ...options, after: `${EPOCH}:4` });
    await loop.over;
    expect(loop.seqs).toEqual([5, 6]);
  });

  test.each([
    ["is closed", { close: 1001 }],
    ["is reset", { reset: true }],
  ] as const)("goes on after the last batch when the connection %s", async (_how, ended) => {
    const half = { events: [hello(batches, 1), RUNNING, ...first(3)], ...ended };
    await using liar = await startLiar(scripts(half));
    const ports = portsByHand();
    const loop = new Loop(ports, liar.url, options);
    await loop.until(({ link }) => link?.state === "waiting");
    expect(loop.link).toMatchObject({ delayMs: 500, reason: expect.stringMatching(/\w/) });
    await ports.clock.advance(500);
    expect(await loop.over).toBeUndefined();
    expect([liar.asked[1]?.query.get("after"), loop.seqs]).toEqual([`${EPOCH}:3`, [1, 2, 3, 4, 5, 6]]);
  });

  test("misses nothing when the first connection is lost before the first batch", async () => {
    const greeting = { events: [hello(first(2), 3)], close: 1012 };
    await using liar = await startLiar(scripts(greeting));
    const ports = portsByHand();
    const loop = new Loop(ports, liar.url, { ...options, since: "now" });
    await loop.until(({ link }) => link?.state === "waiting");
    await ports.clock.advance(500);
    await loop.over;
    expect([liar.asked[1]?.query.get("after"), loop.seqs]).toEqual([`${EPOCH}:2`, [3, 4, 5, 6]]);
  });

  test("waits longer each time nothing comes, and begins anew after a batch", async () => {
    const nothing = { events: [], close: 1013 };
    const one = { events: [hello(batches, 1), ...first(1)], close: 1013 };
    await using liar = await startLiar(scripts(nothing, nothing, nothing, one, nothing));
    const ports = portsByHand();
    const loop = new Loop(ports, liar.url, options);
    const delays: number[] = [];
    for (let lost = 1; lost <= 5; lost++) {
      await loop.until(({ links }) => links.filter(({ state }) => state === "waiting").length === lost);
      delays.push(loop.link?.delayMs ?? -1);
      await ports.clock.advance(delays.at(-1)!);
    }
    await loop.over;
    expect([delays, loop.seqs]).toEqual([
      [500, 1000, 2000, 500, 1000],
      [1, 2, 3, 4, 5, 6],
    ]);
  });

  test("drops a batch that comes again, and reads on", async () => {
    const again = { events: [hello(batches, 1), ...first(3), ...from(2, 5)], close: 1001 };
    await using liar = await startLiar(scripts(again));
    const ports = portsByHand();
    const loop = new Loop(ports, liar.url, options);
    await loop.until(({ link }) => link?.state === "waiting");
    await ports.clock.advance(500);
    await loop.over;
    expect(loop.seqs).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("resumes at once when a head is ahead of the last batch", async () => {
    const missing = { events: [hello(batches, 1), ...first(2), head(first(3))] };
    await using liar = await startLiar(scripts(missing));
    const loop = new Loop(portsByHand(), liar.url, options);
    expect(await loop.over).toBeUndefined();
    expect([liar.asked[1]?.query.get("after"), loop.seqs]).toEqual([`${EPOCH}:2`, [1, 2, 3, 4, 5, 6]]);
    expect(loop.events.some(({ type }) => type === "head")).toBe(false);
  });

  test("resumes when an end is ahead of the last batch", async () => {
    const missing = { events: [hello(batches, 1), ...first(2), end(batches)], close: 1000 };
    await using liar = await startLiar(scripts(missing));
    const loop = new Loop(portsByHand(), liar.url, options);
    expect(await loop.over).toBeUndefined();
    expect([loop.seqs, loop.events.at(-1)]).toEqual([[1, 2, 3, 4, 5, 6], end(batches)]);
  });

  test("gives a head that says what we know", async () => {
    const events = [hello(batches, 1), ...batches, head(batches), end(batches)];
    await using liar = await startLiar(() => ({ events }));
    const loop = new Loop(portsByHand(), liar.url, options);
    expect([await loop.over, loop.events]).toEqual([undefined, events]);
  });

  test("cuts a connection that has been silent for 45 s, and resumes", async () => {
    const silent = { events: [hello(batches, 1), ...first(2)] };
    await using liar = await startLiar(scripts(silent));
    const ports = portsByHand();
    const loop = new Loop(ports, liar.url, options);
    await loop.until(({ seqs }) => seqs.length === 2);
    await ports.clock.advance(44_999);
    expect(loop.link?.state).toBe("live");
    await ports.clock.advance(1);
    await loop.until(({ link }) => link?.state === "waiting");
    expect(loop.link?.reason).toBe("nothing came for 45 s");
    await vi.waitFor(() => expect(liar.open.size).toBe(0), PATIENCE);
    await ports.clock.advance(500);
    expect([await loop.over, loop.seqs]).toEqual([undefined, [1, 2, 3, 4, 5, 6]]);
  });

  test("goes on after a gap it is told, and says so", async () => {
    const gap = { type: "gap", from: `${EPOCH}:1`, to: `${EPOCH}:3`, batches: 3, reason: "retention" } as const;
    const late = { events: [hello(batches, 1, { status: "gap" }), gap, ...from(4), end(batches)] };
    await using liar = await startLiar(() => late);
    const loop = new Loop(portsByHand(), liar.url, { ...options, after: `${EPOCH}:0` });
    expect([await loop.over, loop.events]).toEqual([undefined, late.events]);
  });

  test("takes a batch before which others were skipped, as it asked for", async () => {
    const newest = { ...batches[4]!, skipped: 2 };
    const events = [hello(batches, 1), ...first(2), newest, ...from(6), end(batches)];
    await using liar = await startLiar(() => ({ events }));
    const loop = new Loop(portsByHand(), liar.url, { ...options, policy: "latest", maxLag: 1 });
    expect([await loop.over, loop.events]).toEqual([undefined, events]);
    expect(liar.asked[0]?.query.toString()).toBe("since=earliest&policy=latest&maxLag=1");
  });

  test("begins anew after a reset", async () => {
    const others = history(2, "zzzz");
    const reset = { type: "reset", epoch: "zzzz", reason: "epoch", asked: `${EPOCH}:3`, from: "zzzz:1" } as const;
    const greeting = hello(others, 1, { status: "reset", reason: "epoch" });
    await using liar = await startLiar(({ number }) =>
      number === 0
        ? { events: [hello(batches, 1), ...first(3)], close: 1012 }
        : { events: [greeting, reset, ...others, end(others)] },
    );
    const ports = portsByHand();
    const loop = new Loop(ports, liar.url, options);
    await loop.until(({ link }) => link?.state === "waiting");
    await ports.clock.advance(500);
    expect(await loop.over).toBeUndefined();
    expect(loop.events).toEqual([hello(batches, 1), ...first(3), greeting, reset, ...others, end(others)]);
  });

  test.each([400, 401, 403, 404, 410])("throws a FollowError when the answer is %i", async (status) => {
    const problem = { type: "/problems/no", title: "No", status, detail: "Cannot follow this" };
    const headers = { "content-type": "application/problem+json" };
    await using liar = await startLiar(() => ({ refuse: status, headers, body: JSON.stringify(problem) }));
    const failure = await new Loop(portsByHand(), liar.url, options).over;
    expect(failure).toBeInstanceOf(FollowError);
    expect(failure).toMatchObject({ status, problem, message: "Cannot follow this" });
    expect(liar.asked.length).toBe(1);
  });

  test.each([
    [500, {}, 500],
    [503, { "retry-after": "7" }, 7500],
    [429, { "retry-after": "60" }, 60_500],
    [502, {}, 500],
  ])("tries again when the answer is %i with %j", async (refuse, headers, delayMs) => {
    await using liar = await startLiar(scripts({ refuse, headers, body: "<html>" }));
    const ports = portsByHand();
    const loop = new Loop(ports, liar.url, options);
    await loop.until(({ link }) => link?.state === "waiting");
    expect(loop.link).toMatchObject({ delayMs, reason: `Cannot follow: the answer is HTTP ${refuse}` });
    await ports.clock.advance(delayMs);
    expect([await loop.over, loop.seqs.length]).toEqual([undefined, 6]);
  });

  test("tries again for as long as nothing answers", async () => {
    const liar = await startLiar(honest(batches));
    await liar[Symbol.asyncDispose]();
    const ports = portsByHand();
    const loop = new Loop(ports, liar.url, options);
    for (let lost = 1; lost <= 4; lost++) {
      await loop.until(({ links }) => links.filter(({ state }) => state === "waiting").length === lost);
      await ports.clock.advance(loop.link?.delayMs ?? 0);
    }
    expect(loop.links.some(({ reason }) => reason?.includes("ECONNREFUSED"))).toBe(true);
    expect(await loop.stop()).toMatchObject({ message: "stopped by the test" });
  });

  test("stops at once when its signal says so, and lets go of the connection", async () => {
    await using liar = await startLiar(() => ({ events: [hello(batches, 1), ...first(2)] }));
    const ports = portsByHand();
    const loop = new Loop(ports, liar.url, options);
    await loop.until(({ seqs }) => seqs.length === 2);
    expect(await loop.stop()).toMatchObject({ message: "stopped by the test" });
    await vi.waitFor(() => expect(liar.open.size).toBe(0), PATIENCE);
    expect(ports.clock.pending).toBe(0);
  });

  test("lets go of the connection when its loop is left", async () => {
    await using liar = await startLiar(() => ({ events: [hello(batches, 1), ...first(2)] }));
    const ports = portsByHand();
    for await (const event of followOn(ports, liar.url, options)) if (event.type === "batch") break;
    await vi.waitFor(() => expect(liar.open.size).toBe(0), PATIENCE);
    expect(ports.clock.pending).toBe(0);
  });

  test("gives a complaint of the service as a problem", async () => {
    const problem = { type: "/problems/bad-frame", title: "x", status: 400, detail: "Cannot take the message" };
    const events = [hello(batches, 1), { type: "error", problem }, ...batches, end(batches)];
    await using liar = await startLiar(() => ({ events }));
    const loop = new Loop(portsByHand(), liar.url, options);
    await loop.over;
    expect(loop.events[1]).toEqual({ type: "problem", problem });
  });

  test.each([
    ["a hello without a place", { ...hello(batches, 1), from: undefined }],
    ["a hello of two epochs", { ...hello(batches, 1), epoch: "zzzz" }],
    ["a batch without counts", { ...batches[0]!, counts: undefined }],
    ["a batch of another number", { ...batches[0]!, cursor: "k3v9:2" }],
    ["counts that are none", { ...batches[0]!, counts: [["a", "1"]] }],
    ["a total that is none", { ...batches[0]!, total: null }],
    ["a sourceGap that is none", { ...batches[0]!, sourceGap: {} }],
    ["a negative number", { ...batches[0]!, words: -1 }],
    ["a head without a total", { type: "head", head: null }],
    ["a gap to nowhere", { type: "gap", from: "k3v9:1", to: "k3v9", batches: 1 }],
    ["a problem without a word", { type: "error" }],
  ])("throws a FollowError when an event is %s", async (_what, event) => {
    const script = { events: [hello(batches, 1), event] };
    await using liar = await startLiar(() => script);
    const failure = await new Loop(portsByHand(), liar.url, options).over;
    expect(failure).toBeInstanceOf(FollowError);
    expect(failure).toMatchObject({
      message: expect.stringMatching(/^Cannot follow: an event .* is not of this protocol$/),
    });
  });

  test("takes what is not JSON for a broken connection", async () => {
    await using liar = await startLiar(({ number, query }) =>
      number === 0
        ? { refuse: 200, headers: { "content-type": "text/event-stream" }, body: "data: {\n\n" }
        : honest(batches)({ number, query, headers: {} }),
    );
    const ports = portsByHand();
    const loop = new Loop(ports, liar.url, { transport: "sse" });
    await loop.until(({ link }) => link?.state === "waiting");
    expect(loop.link?.reason).toContain("an event is not JSON");
    await ports.clock.advance(500);
    expect([await loop.over, loop.seqs.length]).toEqual([undefined, 6]);
  });
});

describe("follow over sse", () => {
  test("ends when the answer is 204", async () => {
    await using liar = await startLiar(() => ({ refuse: 204 }));
    const loop = new Loop(portsByHand(), liar.url, { after: `${EPOCH}:6` });
    expect([await loop.over, loop.events]).toEqual([undefined, []]);
  });

  test("is told the end, though the connection was lost between the last batch and it", async () => {
    const missing = { events: [hello(batches, 1), RUNNING, ...batches], close: 1001 };
    const newest = { events: [hello(batches, 6), RUNNING, batches[5]!, end(batches)], close: 1000 };
    await using liar = await startLiar(scripts(missing, { refuse: 204 }, newest));
    const ports = portsByHand();
    const loop = new Loop(ports, liar.url);
    await loop.until(({ link }) => link?.state === "waiting");
    await ports.clock.advance(500);
    expect([await loop.over, loop.seqs, loop.events.at(-1)?.type]).toEqual([undefined, [1, 2, 3, 4, 5, 6], "end"]);
    const asked = liar.asked.map(({ query }) => [query.get("after"), query.get("since")]);
    expect(asked.slice(1)).toEqual([
      [`${EPOCH}:6`, null],
      [null, "now"],
    ]);
  });

  test("waits as long as retry: says before the first try", async () => {
    const cut = { before: "retry: 5000\n\n", events: [hello(batches, 1), ...first(1)], close: 1001 };
    await using liar = await startLiar(scripts(cut));
    const ports = portsByHand();
    const loop = new Loop(ports, liar.url);
    await loop.until(({ link }) => link?.state === "waiting");
    expect(loop.link?.delayMs).toBe(2500);
    await loop.stop();
  });

  test("reads no further than it is asked to: the service is held up, and memory does not grow", async () => {
    const one = first(1);
    const padding = { type: "weather", text: "x".repeat(2_000_000) };
    const events = [hello(one, 1), ...Array.from({ length: 40 }, () => padding), ...one, end(one)];
    await using liar = await startLiar(() => ({ events, close: 1000 }));
    const stream = followOn(portsByHand(), liar.url, {});
    await stream.next();
    const [response] = liar.open as Set<ServerResponse>;
    await vi.waitFor(() => expect(response?.writableLength).toBeGreaterThan(0), PATIENCE);
    // Turns enough for a reader that reads to have read all of it.
    for (let turn = 0; turn < 1000; turn++) await settle();
    expect(response?.writableLength).toBeGreaterThan(40_000_000);
    const types: string[] = [];
    for await (const { type } of stream) types.push(type);
    expect(types).toEqual(["batch", "end"]);
  });

  test("refuses what is no event stream", async () => {
    const page = { refuse: 200, headers: { "content-type": "text/html" }, body: "<p>Hello" };
    await using liar = await startLiar(() => page);
    const failure = await new Loop(portsByHand(), liar.url).over;
    expect(failure).toBeInstanceOf(FollowError);
    expect(failure).toMatchObject({ message: expect.stringContaining("it answers with text/html") });
  });
});

describe("follow over ws", () => {
  const options = { transport: "ws" } as const;

  test.each([1008, 4500, 4501, 4504, 4999])("throws a FollowError when it is closed with %i", async (close) => {
    await using liar = await startLiar(() => ({ events: [hello(batches, 1)], close }));
    const failure = await new Loop(portsByHand(), liar.url, options).over;
    expect(failure).toBeInstanceOf(FollowError);
    expect(failure).toMatchObject({ closeCode: close, message: expect.stringContaining(`${close} so it is`) });
  });

  test.each([1000, 1001, 1011, 1012, 1013, 4000, 4008, 4499])("resumes when it is closed with %i", async (close) => {
    await using liar = await startLiar(scripts({ events: [hello(batches, 1), ...first(3)], close }));
    const ports = portsByHand();
    const loop = new Loop(ports, liar.url, options);
    await loop.until(({ link }) => link?.state === "waiting");
    await ports.clock.advance(500);
    expect([await loop.over, loop.seqs]).toEqual([undefined, [1, 2, 3, 4, 5, 6]]);
  });

  test.each([null, 7, [], { seq: 1 }])("throws a FollowError when a message is %j", async (message) => {
    await using liar = await startLiar(() => ({ events: [hello(batches, 1), message as unknown as { type: string }] }));
    expect(await new Loop(portsByHand(), liar.url, options).over).toBeInstanceOf(FollowError);
  });

  test("keeps no more than 256 messages that are not read: it leaves, and resumes when they are", async () => {
    const many = history(1000);
    await using liar = await startLiar(honest(many));
    const events = followOn(portsByHand(), liar.url, options);
    await events.next();
    await vi.waitFor(() => expect(liar.open.size).toBe(0), PATIENCE);
    const seqs: number[] = [];
    for await (const event of events) if (event.type === "batch") seqs.push(event.seq);
    expect(seqs).toEqual(many.map(({ seq }) => seq));
    expect(liar.asked.length).toBeGreaterThan(1);
  });
});

describe("follow", () => {
  test.each([
    ["url", "nonsense", {}],
    ["url", "ftp://localhost/sessions/x", {}],
    ["since", "http://localhost/sessions/x", { since: "yesterday" }],
    ["since", "http://localhost/sessions/x", { since: 3 }],
    ["after", "http://localhost/sessions/x", { after: "k3v9" }],
    ["transport", "http://localhost/sessions/x", { transport: "udp" }],
    ["top", "http://localhost/sessions/x", { top: -1 }],
  ])("refuses a %s that cannot be meant: %s %j", (name, url, options) => {
    expect(() => followOn(portsByHand(), url, options as FollowOptions)).toThrow(`Cannot follow: ${name} is `);
  });
});
