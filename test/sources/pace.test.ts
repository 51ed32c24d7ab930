import { describe, expect, test } from "vitest";
import { Pace } from "../../src/sources/pace.ts";

/** Says what is due at each of `times`. */
function dueAt(pace: Pace, times: Iterable<number>): number[] {
  return Array.from(times, (now) => {
    const due = pace.due(now);
    pace.said(due);
    return due;
  });
}

function* ticks(from: number, until: number, step: number): Generator<number> {
  for (let now = from; now <= until; now += step) yield now;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

describe("Pace", () => {
  test("has the first line due at once, the others a fixed time after it", () => {
    const pace = new Pace(500);
    pace.resume(1000);
    expect(dueAt(pace, [1000, 1000, 1001, 1002, 1003, 1010])).toEqual([1, 0, 0, 1, 0, 4]);
    expect(pace.nextAt).toBe(1012);
  });

  test.each([0.1, 1, 3, 500, 997, 44_100, 1e6])("does not drift in ten hours at %d lines a second", (rate) => {
    const pace = new Pace(rate);
    const start = 123.456;
    pace.resume(start);
    const hours = 10 * 3_600_000;
    // Timers that are late, each time by something else.
    const said = sum(dueAt(pace, ticks(start, start + hours, 97.3))) + pace.due(start + hours);
    expect(said).toBe(Math.floor((hours * rate) / 1000) + 1);
  });

  test.each([0.3, 7, 333, 9999])(
    "has exactly one line due each time it is woken as it says, at %d a second",
    (rate) => {
      const pace = new Pace(rate);
      pace.resume(0.1);
      let wrong = 0;
      for (let line = 0; line < 100_000; line++) {
        if (pace.due(pace.nextAt) !== 1) wrong++;
        pace.said(1);
      }
      expect(wrong).toBe(0);
    },
  );

  test("makes up for a stall as far as half a second goes", () => {
    const pace = new Pace(100);
    pace.resume(0);
    expect(dueAt(pace, [0, 400, 10_400, 10_400, 10_410])).toEqual([1, 40, 51, 0, 1]);
  });

  test("makes up for no line where half a second is less than one", () => {
    const pace = new Pace(0.5);
    pace.resume(0);
    expect(dueAt(pace, [0, 3900, 4000, 60_000, 60_001, 61_499, 61_500])).toEqual([1, 1, 1, 1, 0, 0, 1]);
  });

  test("makes up for nothing after a pause, and is not hurried by one", () => {
    const pace = new Pace(10);
    pace.resume(0);
    expect(dueAt(pace, [0])).toEqual([1]);
    pace.resume(5);
    expect(dueAt(pace, [5, 99, 100])).toEqual([0, 0, 1]);
    pace.resume(100_000);
    expect(dueAt(pace, [100_000, 100_099, 100_100])).toEqual([1, 0, 1]);
  });

  test("has as many due as are asked for, when the rate is Infinity", () => {
    const pace = new Pace(Infinity);
    pace.resume(5);
    pace.said(1e9);
    expect([pace.due(5), pace.nextAt]).toEqual([Infinity, 5]);
  });
});
