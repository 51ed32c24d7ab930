import { describe, expect, test } from "vitest";
import { DEFAULT_LIMITS, type Limits } from "../../src/sessions/mod.ts";
import { PushSource } from "../../src/sources/push_source.ts";
import { utf8 } from "../support/bytes.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { Told } from "../support/told.ts";

/** Counts lines as the engine does. */
class Counting extends Told {
  lines(): number {
    return this.said.split("\n").length - 1 + (this.said.match(/<end>/g)?.length ?? 0);
  }
}

async function pushed(limits: Partial<Limits> = {}) {
  const clock = new ManualClock();
  const told = new Counting();
  const source = new PushSource({ clock, limits: { ...DEFAULT_LIMITS, ...limits } });
  await source.start(told);
  return { clock, told, source };
}

describe("PushSource", () => {
  test("takes the lines of several, each whole, and counts what each has brought", async () => {
    const { told, source } = await pushed();
    const [one, other] = [source.open(expect.unreachable), source.open(expect.unreachable)];
    void one.write(utf8("a b\nc "));
    void other.write(utf8("x\n"));
    void one.write(utf8("d\ne"));
    expect([one.lines, one.bytes, other.lines, other.bytes]).toEqual([2, 9, 1, 2]);
    expect(source.status).toMatchObject({ type: "push", connected: true, producers: 2, accepted: 2 });
    one.end();
    other.end();
    expect([told.said, one.lines, other.lines]).toEqual(["a b\nx\nc d\ne<end>", 3, 1]);
    expect(source.status).toMatchObject({ producers: 0, accepted: 2 });
  });

  test("loses the unfinished line of one that breaks off, and takes nothing after that", async () => {
    const { told, source } = await pushed();
    const feed = source.open(expect.unreachable);
    void feed.write(utf8("a\nb"));
    feed.abandon();
    void feed.write(utf8("c\n"));
    feed.end();
    expect([told.said, feed.lines, feed.isOver]).toEqual(["a\nb<abandon>", 1, true]);
  });

  test("says when there is room, while batches wait", async () => {
    const { clock, told, source } = await pushed();
    const feed = source.open(expect.unreachable);
    expect(feed.write(utf8("a\n"))).toBeUndefined();
    told.behind = true;
    let hasRoom = false;
    void feed.write(utf8("b\n"))?.then(() => (hasRoom = true));
    await clock.advance(1000);
    expect([told.said, hasRoom]).toEqual(["a\nb\n", false]);
    told.behind = false;
    await clock.advance(5);
    expect(hasRoom).toBe(true);
    expect(source.status["backpressure"]).toMatchObject({ behindMs: expect.any(Number) });
  });

  test("refuses one producer too many, until another has ended", async () => {
    const { source } = await pushed({ maxProducers: 1 });
    const feed = source.open(expect.unreachable);
    expect(() => source.open(expect.unreachable)).toThrow("1 bring some and maxProducers is 1");
    expect(() => source.mustHaveRoom()).toThrow(expect.objectContaining({ code: "too_many_producers" }));
    feed.end();
    source.open(expect.unreachable);
  });

  test("tells those who bring lines that it is over, and lets go of those who wait", async () => {
    const { clock, told, source } = await pushed();
    let over = 0;
    const feed = source.open(() => void over++);
    told.behind = true;
    const room = feed.write(utf8("a\nb"));
    await source.stop();
    await room;
    expect([told.said, over, feed.isOver, source.status.connected]).toEqual(["a\nb<abandon>", 1, true, false]);
    expect(() => source.open(expect.unreachable)).toThrow(expect.objectContaining({ code: "session_over" }));
    await clock.advance(100);
    expect(clock.pending).toBe(0);
  });
});
