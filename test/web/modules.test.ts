import { describe, expect, test } from "vitest";
import { fineDuration, timeSpan } from "../../src/web/amounts.js";
import { Best } from "../../src/web/best.js";
import { Running } from "../../src/web/running.js";
import { NOTHING_TOLD, tell } from "../../src/web/told.js";
import type { Batch } from "../../src/web/wire.js";

/** A batch of these counts. */
function batch(seq: number, counts: [string, number][] = [], more: Partial<Batch> = {}): Batch {
  return {
    ...{ cursor: `e:${seq}`, epoch: "e", seq, time: new Date(seq * 1000).toISOString(), intervalMs: 1000 },
    ...{ partial: false, final: false, late: false, missedTicks: 0, lines: 1, words: 1, bytes: 1, otherWords: 0 },
    ...{ distinct: counts.length, dropped: { lines: 0, bytes: 0 }, sourceGap: null, counts, more: 0 },
    total: { batches: seq, lines: seq, words: seq, bytes: seq, sourceGaps: 0 },
    delays: { schedulingMs: 0, processingMs: 0, totalMs: 0 },
    ...more,
  };
}

/** What is known after these events. */
const told = (...events: [name: string, data: unknown][]): ReturnType<typeof tell> =>
  events.reduce((known, [name, data]) => tell(known, { name, data, at: 0 }), NOTHING_TOLD);

describe("tell", () => {
  test("keeps the newest batches in order, each once", () => {
    const { recent, batch: newest } = told(...[1, 2, 2, 1, 3].map((seq): [string, Batch] => ["batch", batch(seq)]));
    expect(recent.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(newest?.seq).toBe(3);
    const many = Array.from({ length: 150 }, (_, i): [string, Batch] => ["batch", batch(i + 1)]);
    expect(told(...many).recent.map(({ seq }) => seq)).toEqual(Array.from({ length: 120 }, (_, i) => i + 31));
  });

  test("knows what is missing, when it is told and when it is not", () => {
    const gap = { from: "e:2", to: "e:3", batches: 2 };
    expect(told(["batch", batch(1)], ["gap", gap], ["batch", batch(4)])).toMatchObject({
      missing: [{ from: 2, to: 3 }],
      notices: [{ kind: "gap", text: "Cannot have 2 batches, e:2 to e:3: no longer kept" }],
    });
    expect(told(["batch", batch(1)], ["batch", batch(4)])).toMatchObject({
      missing: [{ from: 2, to: 3 }],
      notices: [{ kind: "gap", text: "Cannot account for the batches from e:2: e:4 came instead" }],
    });
  });

  test("begins anew after a reset", () => {
    const hello = { status: "reset", reason: "epoch", asked: "e:1", from: "f:1", now: "" };
    expect(told(["batch", batch(1)], ["hello", hello])).toMatchObject({ batch: null, recent: [], missing: [] });
  });
});

describe("Running", () => {
  test("sums up, and knows whether that is all there was", () => {
    const all = new Running();
    all.add(batch(1, [["a", 2]]));
    all.add(
      batch(2, [
        ["__proto__", 1],
        ["a", 1],
      ]),
    );
    expect([all.complete, all.from, [...all.words]]).toEqual([
      true,
      1,
      [
        ["a", 3],
        ["__proto__", 1],
      ],
    ]);
    all.add(batch(3, [], { more: 1 }));
    expect(all.complete).toBe(false);
    const late = new Running();
    late.add(batch(5, [["a", 1]]));
    expect([late.complete, late.from]).toEqual([false, 5]);
  });

  test("is bounded", () => {
    const running = new Running();
    running.add(
      batch(
        1,
        Array.from({ length: 3000 }, (_, i) => [`w${i}`, 1]),
      ),
    );
    expect([running.words.size, running.complete]).toEqual([2000, false]);
  });
});

test("Best keeps the first few in order, and equals in the order they came", () => {
  const best = new Best<[number, string]>(3, ([a], [b]) => a - b);
  for (const item of [
    [5, "a"],
    [1, "b"],
    [5, "c"],
    [0, "d"],
    [1, "e"],
  ] as [number, string][])
    best.add(item);
  expect([best.given, best.items.map(([, name]) => name)]).toEqual([5, ["d", "b", "e"]]);
});

test("times are written as they are read", () => {
  expect([200, 1000, 5000, 63_000, 3_600_000, 90_061_000].map(timeSpan)).toEqual([
    "200 milliseconds",
    "1 second",
    "5 seconds",
    "1 minute 3 seconds",
    "1 hour",
    "1 day 1 hour",
  ]);
  expect([0.04, 0.42, 12, 1500].map(fineDuration)).toEqual(["0 ms", "0.4 ms", "12 ms", "1.5 s"]);
});
