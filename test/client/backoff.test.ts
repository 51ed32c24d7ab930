import { describe, expect, test } from "vitest";
import { Backoff, readRetryAfter } from "../../src/client/backoff.js";

const LOST = { afterMs: 0, atOnce: false };
const waits = (backoff: Backoff, tries: number): number[] => Array.from({ length: tries }, () => backoff.next(LOST));

describe("Backoff", () => {
  test("doubles to half a minute, and is anything between nothing and that", () => {
    expect(waits(new Backoff(() => 1), 8)).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    expect(waits(new Backoff(() => 0), 8)).toEqual(Array(8).fill(0));
    expect(waits(new Backoff(() => 1), 2000).at(-1)).toBe(30_000);
  });

  test("begins again when all was well, from what the service asked for", () => {
    const backoff = new Backoff(() => 0.5);
    waits(backoff, 3);
    backoff.baseMs = 3000;
    backoff.reset();
    expect(waits(backoff, 2)).toEqual([1500, 3000]);
  });

  test("stays away as long as it is asked to, and a little longer", () => {
    expect(new Backoff(() => 0.5).next({ afterMs: 60_000, atOnce: false })).toBe(60_500);
  });

  test("does not wait for its own leaving, but when that comes to nothing", () => {
    const backoff = new Backoff(() => 1);
    expect([backoff.next({ afterMs: 0, atOnce: true }), backoff.next({ afterMs: 0, atOnce: true })]).toEqual([0, 2000]);
  });
});

test.each([
  [null, 0],
  ["5", 5000],
  [" 0 ", 0],
  ["Wed, 21 Oct 2015 07:28:07 GMT", 7000],
  ["Wed, 21 Oct 2015 07:27:00 GMT", 0],
  ["-5", 0],
  ["soon", 0],
])("readRetryAfter reads %j as %i ms", (header, ms) => {
  expect(readRetryAfter(header, Date.UTC(2015, 9, 21, 7, 28))).toBe(ms);
});
