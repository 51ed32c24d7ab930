import fc from "fast-check";
import { expect, test } from "vitest";
import type { Cancel } from "../../src/clock.ts";
import { canonical, type Batch } from "../../src/sessions/batch.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { digest, sessionsByHand } from "../support/sessions.ts";

/** More than so many sessions of an interval are prepared before its end. */
const MANY = 64;

/** A machine so slow that time goes by between two looks at the clock, and timers come late. */
class SlowClock extends ManualClock {
  readingMs = 0;
  #slowMs = 0;

  override elapsed(): number {
    return super.elapsed() + (this.#slowMs += this.readingMs);
  }

  override after(delayMs: number, run: () => void): Cancel {
    return super.after(delayMs + 500 * this.readingMs, run);
  }
}

type Step = { readonly who: number } & (
  | { readonly write: string }
  | { readonly pass: number }
  | { readonly gap: number }
  | { readonly cut: "end" | "abandon" }
);

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ who: fc.nat(1), write: fc.stringMatching(/^[ab \n\r]{0,12}$/) }),
  fc.record({ who: fc.nat(1), pass: fc.constantFrom(1, 5, 100, 260, 480, 740, 990, 1000, 2600) }),
  fc.record({ who: fc.nat(1), gap: fc.nat(50) }),
  fc.record({ who: fc.nat(1), cut: fc.constantFrom("end" as const, "abandon" as const) }),
);

/** Two sessions' batches; with `idle` others beside them. */
async function batchesOf(steps: readonly Step[], idle: number): Promise<Batch[][]> {
  const { clock, start } = sessionsByHand({ maxSessions: 1000, maxWords: 3 });
  const made = [];
  for (let i = 0; i < 2 + idle; i++) made.push(await start({ batchIntervalMs: 1000 }));
  const two = made.slice(0, 2);
  for (const each of steps) {
    const source = two[each.who]!.source;
    if ("write" in each) source.write(each.write);
    else if ("gap" in each) source.gap(each.gap);
    else if ("cut" in each) source[each.cut]();
    else await clock.advance(each.pass);
  }
  await clock.advance(1000);
  for (const { session } of two) await session.stop("stopped");
  return two.map(({ session: { log } }) => Array.from({ length: log.head }, (_, i) => log.read(i + 1)!));
}

/** All of a batch that is not random or measured. */
const told = (batches: Batch[][]): object[][] =>
  batches.map((all) =>
    all.map(({ epoch: _epoch, hash: _hash, prev: _prev, texts: _texts, delays: _delays, counts, ...facts }) => {
      return { ...facts, counts: [counts.top(), Array.from({ length: counts.size }, (_, place) => counts.at(place))] };
    }),
  );

test("batches are the same whether they were prepared before their time or not", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const alone = await batchesOf(steps, 0);
      const among = await batchesOf(steps, MANY);
      expect(told(among)).toEqual(told(alone));
    }),
    { numRuns: 40 },
  );
});

test("prepared batches are chained and hashed as all are", async () => {
  const steps: Step[] = [
    { who: 0, write: "a b\n" },
    { who: 0, pass: 990 },
    { who: 0, write: "a\n" },
    { who: 0, pass: 2600 },
  ];
  const [batches] = await batchesOf(steps, MANY);
  expect(batches!.map(({ hash }) => hash)).toEqual(batches!.map((batch) => digest(canonical(batch))));
  expect(batches!.map(({ prev }) => prev)).toEqual([null, ...batches!.slice(0, -1).map(({ hash }) => hash)]);
  expect(batches![0]!.counts.top()).toEqual([
    ["a", 2],
    ["b", 1],
  ]);
});

test("a batch is prepared before its time where there are many", async () => {
  const { clock, start } = sessionsByHand({ maxSessions: 1000 });
  const { session, source } = await start({ batchIntervalMs: 1000 });
  for (let i = 0; i < MANY; i++) await start({ batchIntervalMs: 1000 });
  source.write("a a\n");
  const asked: number[] = [];
  let appended = 0;
  const append = session.log.append.bind(session.log);
  session.log.append = (cut) => {
    appended++;
    return append(cut);
  };
  const prepare = session.log.prepare.bind(session.log);
  session.log.prepare = (cut) => {
    asked.push(cut.words);
    return prepare(cut);
  };
  await clock.advance(900);
  expect(asked).toEqual([2]);
  source.write("b\n");
  await clock.advance(60);
  expect(asked).toEqual([2, 3]);
  await clock.advance(40);
  expect([session.log.read(1)?.words, appended]).toEqual([3, 0]);
  // What comes after the last preparation is in the batch as well: it is made anew.
  await clock.advance(995);
  source.write("late\n");
  await clock.advance(5);
  expect([session.log.read(2)?.counts.top(), appended]).toEqual([[["late", 1]], 1]);
});

test("what comes after a batch was given out, and before all is done that could wait, is in the next one", async () => {
  const clock = new SlowClock();
  const { start } = sessionsByHand({ maxSessions: 1000 }, undefined, clock);
  const made = [];
  for (let i = 0; i < MANY; i++) made.push(await start({ batchIntervalMs: 1000 }));
  for (const { source } of made) source.write("a\n");
  await clock.advance(990);
  clock.readingMs = 0.1;
  await clock.advance(10);
  clock.readingMs = 0;
  const { session, source } = made.at(-1)!;
  // It is in the log, and what can wait waits.
  expect([session.log.head, session.log.read(1)?.words, session.log.bytes]).toEqual([1, 1, 0]);
  source.write("b\nb\n");
  expect(session.log.bytes).toBeGreaterThan(0);
  expect(session.linesOf(1)).toEqual(["a"]);
  await clock.advance(1100);
  const batches = [1, 2].map((seq) => session.log.read(seq)!);
  expect(batches.map(({ words, lines, bytes, counts }) => [words, lines, bytes, counts.top()])).toEqual([
    [1, 1, 2, [["a", 1]]],
    [2, 2, 4, [["b", 2]]],
  ]);
  expect(batches.map(({ hash }) => hash)).toEqual(batches.map((batch) => digest(canonical(batch))));
  expect(session.linesOf(2)).toEqual(["b", "b"]);
});

test("a session that was stopped gives out nothing that had been made ready", async () => {
  const { clock, start } = sessionsByHand({ maxSessions: 1000 });
  const made = [];
  for (let i = 0; i < MANY + 1; i++) made.push(await start({ batchIntervalMs: 1000 }));
  const { session, source } = made[0]!;
  source.write("a\n");
  await clock.advance(900);
  await session.stop("deleted", false);
  await clock.advance(1000);
  expect([session.log.head, session.discarded?.lines, made[1]!.session.log.head]).toEqual([0, 1, 1]);
});
