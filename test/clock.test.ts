import { describe, expect, test } from "vitest";
import { inNextTurn, inSlices, whenIdle, type Steps } from "../src/clock.ts";
import { ManualClock } from "./support/manual_clock.ts";

/** Work of so many steps; notes the turn of the loop that each was done in. */
function* work(steps: number, { units, done }: { units: number; done: () => void }): Steps<string> {
  for (let i = 0; i < steps; i++) {
    done();
    yield units;
  }
  return `${steps} steps`;
}

/** Counts the turns of the event loop. */
function turns(): { now: number; stop: () => void } {
  let isOver = false;
  const counting = { now: 0, stop: () => void (isOver = true) };
  const next = (): void => {
    counting.now++;
    if (!isOver) inNextTurn(next);
  };
  inNextTurn(next);
  return counting;
}

describe("inSlices", () => {
  test("does bounded work in a turn, whoever's it is, and all of it in the end", async () => {
    const counting = turns();
    const done: [name: string, turn: number][] = [];
    const start = (name: string): Promise<string> =>
      inSlices(work(50, { units: 2 ** 15, done: () => done.push([name, counting.now]) }));
    expect(await Promise.all([start("a"), start("b"), start("c")])).toEqual(["50 steps", "50 steps", "50 steps"]);
    counting.stop();
    const byTurn = Map.groupBy(done, ([, turn]) => turn);
    expect(done.length).toBe(150);
    for (const slice of byTurn.values()) {
      expect(slice.length).toBeLessThanOrEqual(4);
      expect(new Set(slice.map(([name]) => name)).size).toBe(1);
    }
    // In turn, so that the short is not behind the long.
    const firstNames = [...byTurn.values()].slice(0, 6).map(([first]) => first![0]);
    expect(firstNames).toEqual(["a", "b", "c", "a", "b", "c"]);
  });

  test("rejects with what the work throws, and goes on with others'", async () => {
    const fails = inSlices(
      work(9, {
        units: 1,
        done: () => {
          throw new Error("no room");
        },
      }),
    );
    const others = inSlices(work(9, { units: 2 ** 20, done: () => {} }));
    await expect(fails).rejects.toThrow("no room");
    expect(await others).toBe("9 steps");
  });
});

test("whenIdle calls once nothing has been said for so long, and not while nobody listens", async () => {
  const clock = new ManualClock();
  const heard = { at: 0, isHeld: false, idle: 0 };
  whenIdle(clock, {
    limitMs: 1000,
    saidAt: () => heard.at,
    isHeld: () => heard.isHeld,
    onIdle: () => void heard.idle++,
  });
  await clock.advance(900);
  heard.at = 900;
  await clock.advance(999);
  heard.isHeld = true;
  await clock.advance(1000);
  heard.isHeld = false;
  expect([heard.idle, clock.pending]).toEqual([0, 1]);
  await clock.advance(1000);
  expect([heard.idle, clock.pending]).toEqual([1, 0]);
});

test("whenIdle can be called off", async () => {
  const clock = new ManualClock();
  const cancel = whenIdle(clock, { limitMs: 10, saidAt: () => 0, isHeld: () => false, onIdle: expect.unreachable });
  cancel();
  await clock.advance(100);
  expect(clock.pending).toBe(0);
});
