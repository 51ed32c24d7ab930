import { describe, expect, test } from "vitest";
import { Ticker, type MissedTicks, type Tick } from "../../src/engine/ticker.ts";
import { ManualClock } from "../support/manual_clock.ts";

const T0 = Date.UTC(2026, 0, 21, 21, 25, 27, 300);
const at = (ms: number): number => Date.UTC(2026, 0, 21, 21, 25, 30) + ms;

function start(missedTicks: MissedTicks, intervalMs = 5000): { clock: ManualClock; ticks: Tick[]; ticker: Ticker } {
  const clock = new ManualClock(T0);
  const ticks: Tick[] = [];
  const ticker = new Ticker(clock, intervalMs, missedTicks);
  ticker.start((tick) => ticks.push(tick));
  return { clock, ticks, ticker };
}
const times = (ticks: readonly Tick[]): number[] => ticks.map(({ time }) => time);

describe("Ticker", () => {
  test("ticks at multiples of the interval since the Unix epoch", async () => {
    const { clock, ticks, ticker } = start("merge");
    expect(ticker.next).toBe(at(0));
    await clock.advance(2699);
    expect(ticks).toEqual([]);
    await clock.advance(10_001);
    expect(times(ticks)).toEqual([at(0), at(5000), at(10_000)]);
    expect(ticks.every((tick) => !tick.late && tick.intervalMs === 5000)).toBe(true);
  });

  test("aligns an interval that does not divide a minute to the epoch too", async () => {
    const { clock, ticks } = start("merge", 7000);
    await clock.advance(20_000);
    expect(times(ticks).every((time) => time % 7000 === 0)).toBe(true);
    expect(ticks.length).toBe(3);
  });

  test("first ticks strictly after a start exactly on a multiple", () => {
    const clock = new ManualClock(at(0));
    const ticker = new Ticker(clock, 5000, "merge");
    ticker.start(() => {});
    expect(ticker.next).toBe(at(5000));
  });

  test("merges the ticks missed in a stall into one late batch of its true length", async () => {
    const { clock, ticks } = start("merge");
    await clock.advance(2700);
    await clock.stall(18_200);
    await clock.advance(2000);
    expect(ticks.slice(1)).toMatchObject([
      { time: at(15_000), intervalMs: 18_200, late: true, missedTicks: 2 },
      { time: at(20_000), intervalMs: 5000, late: false, missedTicks: 0 },
    ]);
  });

  test("is not late after a stall of less than one and a half intervals", async () => {
    const { clock, ticks } = start("merge");
    await clock.advance(2700);
    await clock.stall(7000);
    expect(ticks.at(-1)).toMatchObject({ time: at(5000), intervalMs: 5000, late: false, missedTicks: 0 });
  });

  test("fires every missed tick at once in Spark's way", async () => {
    const { clock, ticks } = start("fire");
    await clock.advance(2700);
    await clock.stall(18_200);
    expect(times(ticks)).toEqual([at(0), at(5000), at(10_000), at(15_000)]);
    expect(ticks.some((tick) => tick.late)).toBe(false);
  });

  test("goes on steadily when the wall clock is set back a day", async () => {
    const { clock, ticks } = start("merge");
    await clock.advance(2700);
    clock.jump(-86_400_000);
    await clock.advance(10_000);
    expect(times(ticks)).toEqual([at(0), at(5000), at(10_000)]);
    clock.jump(86_400_000);
    await clock.advance(10_000);
    expect(times(ticks).slice(3)).toEqual([at(15_000), at(20_000)]);
  });

  test("goes to the next multiple when the wall clock is set on a day", async () => {
    const { clock, ticks } = start("merge");
    await clock.advance(2700);
    clock.jump(86_400_000 + 1500);
    await clock.advance(10_000);
    const day = 86_400_000;
    expect(times(ticks)).toEqual([at(0), at(5000), at(day + 10_000)]);
    expect(ticks.some((tick) => tick.late)).toBe(false);
  });

  test("follows a wall clock that is a little faster or slower", async () => {
    const { clock, ticks } = start("merge");
    for (let i = 0; i < 20; i++) {
      await clock.advance(5000);
      clock.jump(i % 2 === 0 ? 30 : -30);
    }
    expect(times(ticks)).toEqual(Array.from({ length: 20 }, (_, i) => at(i * 5000)));
  });

  test("has its turn before those of its interval while it wants to, whoever began first", async () => {
    const clock = new ManualClock(T0);
    const order: string[] = [];
    const [, b, c] = ["a", "b", "c"].map((name) => {
      const ticker = new Ticker(clock, 5000, "merge");
      ticker.start(() => order.push(name));
      return ticker;
    });
    const next = async (): Promise<string> => {
      await clock.advance(5000);
      return order.splice(0).join("");
    };
    expect(await next()).toBe("abc");
    c!.comesFirst = true;
    expect(await next()).toBe("cab");
    b!.comesFirst = true;
    c!.comesFirst = false;
    expect(await next()).toBe("bac");
    b!.stop();
    b!.comesFirst = false;
    expect(await next()).toBe("ac");
  });

  test("ticks no more after a stop, and tells the batch time of what is left", async () => {
    const { clock, ticks, ticker } = start("merge");
    await clock.advance(4000);
    expect(ticker.stop()).toMatchObject({ time: at(5000), intervalMs: 1300, late: false, missedTicks: 0 });
    await clock.advance(20_000);
    expect(ticks.length).toBe(1);
    expect(clock.pending).toBe(0);
  });

  test("may be stopped from within a tick", async () => {
    const clock = new ManualClock(T0);
    const ticker = new Ticker(clock, 5000, "fire");
    let count = 0;
    ticker.start(() => {
      count++;
      ticker.stop();
    });
    await clock.stall(60_000);
    expect([count, clock.pending]).toEqual([1, 0]);
  });
});
