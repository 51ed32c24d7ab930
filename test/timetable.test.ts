import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { systemClock } from "../src/clock.ts";
import { Appointment, Timetable, timetableOf } from "../src/timetable.ts";
import { ManualClock } from "./support/manual_clock.ts";

describe("Timetable", () => {
  test("runs what is set, moved and unset at its time, on one timer", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ who: fc.nat(7), at: fc.option(fc.nat(40)) }), { maxLength: 30 }),
        async (changes) => {
          const clock = new ManualClock();
          const timetable = new Timetable(clock);
          const ran: [number, number][] = [];
          const appointments = Array.from(
            { length: 8 },
            (_, who) => new Appointment(() => ran.push([clock.elapsed(), who])),
          );
          const wanted = new Map<number, number>();
          for (const { who, at } of changes) {
            wanted.delete(who);
            if (at === null) timetable.unset(appointments[who]!);
            else {
              timetable.set(appointments[who]!, at);
              wanted.set(who, at);
            }
            expect(clock.pending).toBe(wanted.size === 0 ? 0 : 1);
          }
          await clock.advance(40);
          const inOrder = (all: [number, number][]): [number, number][] => all.sort(([a, i], [b, j]) => a - b || i - j);
          expect(ran.map(([at]) => at)).toEqual(ran.map(([at]) => at).toSorted((a, b) => a - b));
          expect(inOrder(ran)).toEqual(inOrder([...wanted].map(([who, at]) => [at, who])));
          expect(clock.pending).toBe(0);
        },
      ),
    );
  });

  test("leaves what becomes due while it runs for the next time, and goes on after a failure", async () => {
    const clock = new ManualClock();
    const timetable = new Timetable(clock);
    const ran: string[] = [];
    const again = new Appointment(() => {
      ran.push("again");
      if (ran.length < 3) timetable.set(again, clock.elapsed());
    });
    const broken = new Appointment(() => {
      throw new Error("broken");
    });
    timetable.set(again, 5);
    timetable.set(broken, 4);
    await expect(clock.advance(10)).rejects.toThrow("broken");
    expect([ran.length, clock.pending]).toEqual([0, 1]);
    await clock.advance(10);
    expect([ran.length, clock.pending]).toEqual([3, 0]);
  });

  test("does what is due at an exact time in the midst of something else, when that asks", async () => {
    const clock = new ManualClock();
    const timetable = new Timetable(clock);
    const ran: string[] = [];
    const exact = new Appointment(() => {
      ran.push("exact");
      timetable.set(exact, clock.elapsed() + 8);
    }, true);
    const long = new Appointment(() => {
      timetable.catchUp();
      ran.push("long");
      timetable.catchUp();
    });
    timetable.set(long, 10);
    timetable.set(new Appointment(() => ran.push("other")), 19);
    timetable.set(exact, 20);
    await clock.advance(10);
    expect(ran).toEqual(["long"]);
    timetable.set(long, 15);
    await clock.stall(12);
    expect(ran).toEqual(["long", "exact", "long", "other"]);
    await clock.advance(10);
    expect([ran.at(-1), ran.length, clock.pending]).toEqual(["exact", 5, 1]);
  });

  test("is one for each clock", () => {
    const clock = new ManualClock();
    expect(timetableOf(clock)).toBe(timetableOf(clock));
    expect(timetableOf(new ManualClock())).not.toBe(timetableOf(clock));
  });

  test("runs an exact appointment no earlier than its time, by the system's clock", async () => {
    for (const ms of [0, 0.5, 3.3]) {
      const due = systemClock.elapsed() + ms;
      const ranAt = await new Promise<number>((resolve) => {
        timetableOf(systemClock).set(new Appointment(() => resolve(systemClock.elapsed()), true), due);
      });
      expect(ranAt).toBeGreaterThanOrEqual(due);
    }
  });
});
